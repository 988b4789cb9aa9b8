/// <reference lib="dom" />
/**
 * Light or dark: as the system says, until a reader chooses.
 *
 * @module
 */

/** Shows the page in the other theme. */
export function changeTheme(): void {
  const root = document.documentElement;
  const isDark = root.style.colorScheme === "dark" ||
    (root.style.colorScheme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.style.colorScheme = isDark ? "light" : "dark";
}
