/**
 * The end of what a process writes.
 *
 * @module
 */

/** Reads a stream to its end, and returns the last characters of its text. */
export async function tailOf(
  stream: ReadableStream<Uint8Array>,
  lengthMax: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text = (text + decoder.decode(chunk, { stream: true })).slice(-lengthMax);
  }
  return text;
}
