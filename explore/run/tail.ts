/**
 * The end of what a process writes.
 *
 * @module
 */

/** Reads a stream of text to its end and keeps the last of it.
 *
 * @param lengthMax The number of characters that are kept.
 */
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
