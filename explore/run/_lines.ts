/**
 * Lines of a stream, for messages between processes.
 *
 * @module
 */

/** Reads a stream of text line by line. What follows the last line break is left out. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // A long line comes in many chunks, which are joined once.
  let parts: string[] = [];
  for await (const chunk of stream) {
    const [first, ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    parts.push(first!);
    for (const other of others) {
      yield parts.join("");
      parts = [other];
    }
  }
}
