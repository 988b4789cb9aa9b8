/**
 * Takes away from a script what is not needed for it to fail: delta debugging
 * (Zeller and Hildebrandt 2002), of operations, faults and outages; and besides, servers
 * and pauses.
 *
 * @module
 */

import type { Scene, Script } from "./script.ts";

/** Where something stands that can be taken away. */
type Place = string;

/** What of one kind can be taken away. */
interface Removal {
  placesOf(script: Script): Place[];
  without(script: Script, places: ReadonlySet<Place>): Script;
}

/** First what most depends on, so that the rest is soon little. */
const REMOVALS: readonly Removal[] = [
  { placesOf: operationsOf, without: withoutOperations },
  { placesOf: faultsOf, without: withoutFaults },
  { placesOf: outagesOf, without: withoutOutages },
  { placesOf: pausesOf, without: withoutPauses },
];

/** A script in all the ways in which one thing alone is taken away from it: an operation,
 * a fault, an outage or a pause. */
export function* reductionsOf(script: Script): Iterable<Script> {
  for (const { placesOf, without } of REMOVALS) {
    for (const place of placesOf(script)) yield without(script, new Set([place]));
  }
}

/** Makes a script smaller as long as it fails.
 *
 * @param fails Whether a script fails in the way that is sought.
 * @returns A script that fails, and of which nothing alone can be taken away.
 */
export async function shrink(
  script: Script,
  fails: (script: Script) => Promise<boolean>,
): Promise<Script> {
  for (;;) {
    const before = JSON.stringify(script);
    script = await withFewerServers(script, fails);
    for (const kind of REMOVALS) script = await takeAway(script, kind, fails);
    if (JSON.stringify(script) === before) return script;
  }
}

/** Takes places away, in ever smaller portions. */
async function takeAway(
  script: Script,
  { placesOf, without }: Removal,
  fails: (script: Script) => Promise<boolean>,
): Promise<Script> {
  for (let portion = placesOf(script).length; portion >= 1; portion = Math.floor(portion / 2)) {
    for (let start = 0; start < placesOf(script).length;) {
      const smaller = without(script, new Set(placesOf(script).slice(start, start + portion)));
      if (await fails(smaller)) script = smaller;
      else start += portion;
    }
  }
  return script;
}

/** The smallest cluster in which a script still fails. */
async function withFewerServers(
  script: Script,
  fails: (script: Script) => Promise<boolean>,
): Promise<Script> {
  for (let nservers = 1; nservers <= script.nservers; nservers++) {
    for (let nreplicas = 1; nreplicas <= Math.min(nservers, script.nreplicas); nreplicas++) {
      if (nservers === script.nservers && nreplicas === script.nreplicas) return script;
      const smaller = { ...script, nservers, nreplicas };
      if (isPossible(smaller) && await fails(smaller)) return smaller;
    }
  }
  return script;
}

/** Whether all servers exist that something happens to, and one is left where one is
 * stopped: without it, a right solution would wait for ever, too. */
function isPossible({ nservers, scenes, forwardFaults = [] }: Script): boolean {
  const servers = [
    ...scenes.flatMap(({ stop = [], start = [] }) => [...stop, ...start]),
    ...forwardFaults.flatMap(({ from, to }) => [from, to]),
  ];
  return servers.every((server) => server < nservers) && (nservers > 1 || servers.length === 0);
}

function operationsOf({ scenes }: Script): Place[] {
  return scenes.flatMap(({ clerks }, scene) => {
    return clerks.flatMap((operations, clerk) =>
      operations.map((_, i) => `${scene} ${clerk} ${i}`)
    );
  });
}

function withoutOperations(script: Script, places: ReadonlySet<Place>): Script {
  const scenes = script.scenes.map((scene, s) => ({
    ...scene,
    clerks: scene.clerks.map((operations, clerk) => {
      return operations.filter((_, i) => !places.has(`${s} ${clerk} ${i}`));
    }),
  }));
  return withoutIdleClerks({ ...script, scenes });
}

/** Clerks that do nothing are not there; the others close up. */
function withoutIdleClerks(script: Script): Script {
  const isBusy = (clerk: number) => {
    return script.scenes.some(({ clerks }) => (clerks[clerk]?.length ?? 0) > 0);
  };
  const scenes = script.scenes.map((scene) => ({
    ...scene,
    clerks: scene.clerks.filter((_, clerk) => isBusy(clerk)),
  }));
  return { ...script, scenes: withoutEmptyScenes(scenes) };
}

/** A scene in which nobody does anything only changes what is up in the next one. */
function withoutEmptyScenes(scenes: readonly Scene[]): Scene[] {
  return scenes.filter(({ clerks, stop = [], start = [] }) => {
    return clerks.flat().length > 0 || stop.length > 0 || start.length > 0;
  });
}

function faultsOf({ scenes, forwardFaults = [] }: Script): Place[] {
  const own = scenes.flatMap(({ clerks }, scene) => {
    return clerks.flatMap((operations, clerk) => {
      return operations.flatMap(({ faults = [] }, i) => {
        return faults.flatMap((fault, k) => fault ? [`${scene} ${clerk} ${i} ${k}`] : []);
      });
    });
  });
  return [...own, ...forwardFaults.map((_, k) => `forward ${k}`)];
}

function withoutFaults(script: Script, places: ReadonlySet<Place>): Script {
  const scenes = script.scenes.map((scene, s) => ({
    ...scene,
    clerks: scene.clerks.map((operations, clerk) => {
      return operations.map(({ faults, ...operation }, i) => {
        const left = faults?.map((fault, k) => {
          return places.has(`${s} ${clerk} ${i} ${k}`) ? undefined : fault;
        });
        return left?.some((fault) => fault !== undefined)
          ? { ...operation, faults: left }
          : operation;
      });
    }),
  }));
  const forwardFaults = script.forwardFaults?.filter((_, k) => !places.has(`forward ${k}`)) ?? [];
  return { ...script, scenes, forwardFaults };
}

function pausesOf({ scenes }: Script): Place[] {
  return scenes.flatMap(({ clerks }, scene) => {
    return clerks.flatMap((operations, clerk) => {
      return operations.flatMap(({ afterMs }, i) => afterMs ? [`${scene} ${clerk} ${i}`] : []);
    });
  });
}

function withoutPauses(script: Script, places: ReadonlySet<Place>): Script {
  const scenes = script.scenes.map((scene, s) => ({
    ...scene,
    clerks: scene.clerks.map((operations, clerk) => {
      return operations.map(({ afterMs, ...operation }, i) => {
        const isLeft = afterMs !== undefined && !places.has(`${s} ${clerk} ${i}`);
        return isLeft ? { ...operation, afterMs } : operation;
      });
    }),
  }));
  return { ...script, scenes };
}

function outagesOf({ scenes }: Script): Place[] {
  return scenes.flatMap(({ stop = [] }, scene) => stop.map((server) => `${scene} ${server}`));
}

function withoutOutages(script: Script, places: ReadonlySet<Place>): Script {
  const scenes = script.scenes.map(({ stop = [], ...scene }, s): Scene => {
    const left = stop.filter((server) => !places.has(`${s} ${server}`));
    return left.length > 0 ? { ...scene, stop: left } : scene;
  });
  return { ...script, scenes: withoutEmptyScenes(scenes) };
}
