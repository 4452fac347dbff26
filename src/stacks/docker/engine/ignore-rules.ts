import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import type { ComposeBuild } from "../compose/project.ts";

export interface IgnoreRules {
  /** @param path relative to the context */
  ignores(path: string): boolean;
  /** True when an exception (`!dir/file`) may lie below a folder that is ignored. */
  mayKeepBelow(folder: string): boolean;
}

const COMMENT = /^\s*#/;
const WILD = /[*?[\\]/;

/** Of `<Dockerfile>.dockerignore` if there is one, else of `.dockerignore` in the context. */
export function ignoreRules({ context, dockerfile }: Pick<ComposeBuild, "context" | "dockerfile">): IgnoreRules {
  const file = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find((candidate) =>
    existsSync(candidate),
  );
  return rulesOf(file === undefined ? "" : readFileSync(file, "utf8"));
}

export function rulesOf(text: string): IgnoreRules {
  const filter = dockerignore.default({ ignorecase: false }).add(text.replace(/^\uFEFF/, ""));
  const kept = text.split(/\r?\n/).flatMap((line) => (COMMENT.test(line) ? [] : fixedBeginning(line)));
  return {
    ignores: (path) => filter.ignores(path),
    mayKeepBelow: (folder) => kept.some((beginning) => overlap(`${folder}/`, beginning)),
  };
}

/** What is certain of the paths that an exception keeps: `dist/server/` of `!dist/server/**`, "" of a pattern that could be anywhere. */
function fixedBeginning(line: string): string[] {
  const pattern = /^\s*!\s*\/?(.*?)\/?\s*$/.exec(line)?.[1];
  if (pattern === undefined) return [];
  const parts = pattern.replace(/^(\.\/)+/, "").split("/");
  const wild = parts.findIndex((part) => WILD.test(part));
  const fixed = wild === -1 ? parts : parts.slice(0, wild);
  return [fixed.map((part) => `${part}/`).join("")];
}

function overlap(folder: string, beginning: string): boolean {
  return folder.startsWith(beginning) || beginning.startsWith(folder);
}
