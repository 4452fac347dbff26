import type { Plan } from "../../domain/plan.ts";
import type { Variables } from "../../domain/template.ts";
import type { ProcessIdentity } from "../../host/processes.ts";
import type { RedisNode } from "../stack.ts";

/** The name under which every process of a session finds the session's id in its environment. */
export const SESSION_VARIABLE = "LOCKBENCH_SESSION";

/** What is written down about a stack, so that any later command can find and stop it. */
export interface Session {
  readonly version: 1;
  readonly id: string;
  readonly kind: string;
  readonly scenario: string;
  /** The plan that it was brought up for: it tells how to look into the stack. */
  readonly plan: Plan;
  /** The folder in which `lockbench` was called. */
  readonly folder: string;
  readonly owner: ProcessIdentity;
  /** True when the stack is meant to outlive its owner. */
  readonly stays: boolean;
  /** False until everything was started and answered. */
  readonly ready: boolean;
  /** Wall-clock time, ISO 8601. */
  readonly startedAt: string;
  /** Equal for plans that need the same stack. */
  readonly fingerprint: string;
  readonly readyPath: string;
  readonly readyStatus: number;
  readonly services: readonly Service[];
  readonly servers: readonly string[];
  readonly redis: readonly RedisNode[];
  readonly variables: Variables;
  /** Address of the engine that runs its containers; null for a stack of processes. */
  readonly engine: string | null;
  /** True while a fault of a run is in force: a stack in such a state is of no use to anybody else. */
  readonly inFault: boolean;
}

/** One process of a session, the leader of a process group of its own; or one container. */
export interface Service {
  readonly name: string;
  readonly role: "redis" | "tap" | "server";
  /** null between the decision to start it and its start. */
  readonly process: ProcessIdentity | null;
  /** The container's name; null for a process. */
  readonly container: string | null;
  readonly port: number;
  /** Its log file; "" for a container, whose engine keeps it. */
  readonly log: string;
  readonly command: readonly string[];
  /** Where a process was started, and with what beside lockbench's own environment; needed to start it again. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to stop after SIGTERM, in ms; 0: it is killed at once. */
  readonly stopWithinMs: number;
  readonly startedAt: string;
}

/** Reads a session as it was written; undefined when it is not one, for files may be cut short or edited. */
export function parseSession(text: string): Session | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isSession(value) ? value : undefined;
}

function isSession(value: unknown): value is Session {
  return (
    isObject(value) &&
    value["version"] === 1 &&
    ["id", "kind", "scenario", "folder", "startedAt", "fingerprint", "readyPath"].every(
      (key) => typeof value[key] === "string",
    ) &&
    isIdentity(value["owner"]) &&
    typeof value["stays"] === "boolean" &&
    typeof value["ready"] === "boolean" &&
    isObject(value["variables"]) &&
    isObject(value["plan"]) &&
    (value["engine"] === null || typeof value["engine"] === "string") &&
    listOf(value["servers"], (server) => typeof server === "string") &&
    listOf(value["redis"], isObject) &&
    listOf(value["services"], isService)
  );
}

function isService(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value["name"] === "string" &&
    typeof value["port"] === "number" &&
    typeof value["log"] === "string" &&
    typeof value["stopWithinMs"] === "number" &&
    (value["container"] === null || typeof value["container"] === "string") &&
    (value["process"] === null || isIdentity(value["process"]))
  );
}

function isIdentity(value: unknown): boolean {
  // A pid of 0 or 1 or below would make a signal reach whole groups, or everybody.
  return (
    isObject(value) &&
    Number.isInteger(value["pid"]) &&
    Number(value["pid"]) > 1 &&
    typeof value["startTime"] === "string"
  );
}

function listOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
