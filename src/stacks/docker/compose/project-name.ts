import { basename } from "node:path";

export const A_PROJECT_NAME = "a project name of lower-case letters, digits, _ and -, beginning with a letter or digit";

export function isProjectName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*$/.test(name);
}

/** The folder's name, less what a project name cannot hold; may be empty. */
export function nameOfFolder(folder: string): string {
  return basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}
