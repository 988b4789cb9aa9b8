/// <reference lib="dom" />
/**
 * Light or dark theme: the system's choice until the reader makes one.
 *
 * @module
 */

/** Switches to the other theme. */
export function changeTheme(): void {
  const root = document.documentElement;
  const isDark = root.style.colorScheme === "dark" ||
    (root.style.colorScheme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.style.colorScheme = isDark ? "light" : "dark";
}
