/**
 * Turns a file of a submission into a CommonJS module, without a look at its types.
 *
 * @module
 */

import type * as esbuild from "esbuild";

let loaded: Promise<typeof esbuild> | undefined;

/** Compiles a file.
 *
 * @returns The code, or what is wrong with the file. */
export async function compile(source: string): Promise<{ code: string } | { problem: string }> {
  // It reads the environment as it loads.
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
    return { problem: errors[0]?.text ?? "It is no TypeScript" };
  }
}

/** Ends the compiler. It starts again when it is needed. */
export async function stopCompiler(): Promise<void> {
  await (await loaded)?.stop();
}
