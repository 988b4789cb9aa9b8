/// <reference lib="dom" />
/**
 * The slider over the whole run, the buttons that step, and their keys.
 *
 * @module
 */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { html } from "../../../visualizer/browser/html.ts";

/** The time between two steps while the run plays. */
const PLAY_STEP_MS = 500;

/** The size of a step. */
export type StepKind = "event" | "message" | "operation";

/** The properties of {@linkcode Transport}. */
export interface TransportProps {
  readonly position: number;
  readonly length: number;
  /** The position at which the failure shows. */
  readonly failure: number | undefined;
  /** The last event, in one sentence. */
  readonly sentence: string;
  readonly onGo: (position: number) => void;
  readonly onStep: (kind: StepKind, back: boolean) => void;
}

const KINDS: readonly StepKind[] = ["event", "message", "operation"];

/** The slider and the buttons. */
export function Transport(props: TransportProps): VNode {
  const { position, length, failure, sentence, onGo, onStep } = props;
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    if (position >= length || position === failure) return setPlaying(false);
    const timer = setTimeout(() => onStep("event", false), PLAY_STEP_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, position]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const play = () => setPlaying(!isPlaying);
      if (actOn(event, { ...props, play })) event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  });
  const button = (kind: StepKind, back: boolean) => {
    const label = `${back ? "Previous" : "Next"} ${kind}`;
    return html`
      <button type="button" key=${label} aria-label=${label} title=${label}
        disabled=${back ? position <= 0 : position >= length}
        onClick=${() => onStep(kind, back)}>${back ? "←" : "→"}</button>
    `;
  };
  return html`
    <section id="transport" aria-label="Steps">
      <p id="sentence" role="status" title=${sentence}>
        <span class="count">Event ${position} of ${length}</span> ${sentence}
      </p>
      <div class="slider">
        <input type="range" id="position" min="0" max=${length} value=${position}
          aria-label="Position in the run" aria-valuetext=${`Event ${position} of ${length}`}
          onInput=${(event: InputEvent) =>
            onGo((event.target as HTMLInputElement).valueAsNumber)} />
        ${failure !== undefined && html`<${FailureTick} share=${failure / Math.max(length, 1)} />`}
      </div>
      <div class="buttons">
        ${KINDS.map((kind) =>
          html`<span class="step-pair" key=${kind}>
          ${button(kind, true)}<span class="kind">${kind}</span>${button(kind, false)}</span>`
        )}
        <button type="button" class="play" aria-pressed=${String(isPlaying)}
          disabled=${position >= length} title="Space"
          onClick=${() => setPlaying(!isPlaying)}>${isPlaying ? "Pause" : "Play"}</button>
        ${failure !== undefined && html`
          <button type="button" class="to-failure" onClick=${() => onGo(failure)}>
            <span aria-hidden="true">✗</span> To the failure
          </button>
        `}
      </div>
    </section>
  `;
}

/** Marks where on the slider the failure is. */
function FailureTick({ share }: { share: number }): VNode {
  return html`
    <svg class="tick" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect x=${100 * share - 0.2} y="0" width="0.5" height="1" />
    </svg>
  `;
}

/** Elements that use the keys to edit, to choose or to scroll. */
const OWN_KEYS = "input:not([type=range]), textarea, select, [role=tab]";
const PRESSED_BY_SPACE = "button, summary, a";

/** Acts on a key.
 *
 * @returns True if it was one of ours. */
function actOn(
  event: KeyboardEvent,
  { length, onGo, onStep, play }: TransportProps & { play: () => void },
): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const target = event.target as Element;
  if (target.closest(OWN_KEYS) !== null) return false;
  if (event.key === " " && target.closest(PRESSED_BY_SPACE) !== null) return false;
  const kind = event.shiftKey ? "message" : "event";
  const acts: Record<string, () => void> = {
    ArrowLeft: () => onStep(kind, true),
    ArrowRight: () => onStep(kind, false),
    "<": () => onStep("operation", true),
    ">": () => onStep("operation", false),
    Home: () => onGo(0),
    End: () => onGo(length),
    " ": play,
  };
  acts[event.key]?.();
  return Object.hasOwn(acts, event.key);
}
