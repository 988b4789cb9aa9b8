/**
 * Compiles a file of a submission to a CommonJS module without checking its types.
 *
 * @module
 */

import type * as esbuild from "esbuild";

let loaded: Promise<typeof esbuild> | undefined;

/** Compiles a file. */
export async function compile(source: string): Promise<{ code: string } | { problem: string }> {
  // The module reads the environment when it loads.
  const { transform } = await (loaded ??= import("esbuild"));
  try {
    const { code } = await transform(source, {
      loader: "ts",
      format: "cjs",
      target: "esnext",
      supported: { decorators: false },
      logLevel: "silent",
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
    });
    return { code };
  } catch (error) {
    const { errors } = error as Partial<esbuild.TransformFailure>;
    if (!Array.isArray(errors)) throw error;
    return { problem: errors[0]?.text ?? "it is not TypeScript" };
  }
}

/** Stops the compiler's process. The next file starts it again. */
export async function stopCompiler(): Promise<void> {
  await (await loaded)?.stop();
}
