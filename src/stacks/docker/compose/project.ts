/** A Compose file with everything resolved: no variable, no anchor, no short form is left. Plain data. */
export interface ComposeProject {
  /** Becomes part of the names of containers, networks and volumes. */
  readonly name: string;
  /** The Compose file. */
  readonly file: string;
  /** Where its relative paths start. */
  readonly folder: string;
  /** The services of the active profiles, in the order of the file. */
  readonly services: readonly ComposeService[];
  /** The networks that those services use. */
  readonly networks: readonly ComposeNetwork[];
  /** The named volumes that those services use. */
  readonly volumes: readonly ComposeVolume[];
}

export interface ComposeService {
  readonly name: string;
  /** `file:line:column` of the service, for messages. */
  readonly at: string;
  /** null when it is built and the image needs no name of its own. */
  readonly image: string | null;
  readonly build: ComposeBuild | null;
  readonly pullPolicy: "always" | "missing" | "never" | "build";
  /** null leaves the image's own; an empty list clears it. */
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly ComposePort[];
  /** Ports that other containers may reach, such as `6379/tcp`. */
  readonly expose: readonly string[];
  readonly dependsOn: readonly ComposeDependency[];
  /** null leaves the image's own. */
  readonly healthcheck: ComposeHealthcheck | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly networks: readonly ComposeAttachment[];
  readonly mounts: readonly ComposeMount[];
  readonly memoryBytes: number | null;
  readonly restart: {
    readonly name: "no" | "always" | "on-failure" | "unless-stopped";
    readonly maximumRetries: number;
  };
  /** null leaves the engine's own (10 s). */
  readonly stopGraceMs: number | null;
  readonly stopSignal: string | null;
  readonly scale: number;
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly hostname: string | null;
  readonly containerName: string | null;
  readonly readOnly: boolean;
  readonly init: boolean | null;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  /** `host:address` pairs. */
  readonly extraHosts: readonly string[];
}

export interface ComposeBuild {
  /** Absolute path of the context folder. */
  readonly context: string;
  /** Absolute path of the Dockerfile, which may lie outside the context. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ComposePort {
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
  /** Address of the host to listen on; "" for all of them. */
  readonly hostAddress: string;
  /** First and last port of the host that will do; null lets the engine choose. */
  readonly hostPorts: readonly [number, number] | null;
}

export interface ComposeDependency {
  readonly service: string;
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
}

/** A part that is null leaves the image's own. */
export interface ComposeHealthcheck {
  /** As the engine takes it: `["CMD", …]`, `["CMD-SHELL", …]` or `["NONE"]`. */
  readonly test: readonly string[] | null;
  readonly intervalMs: number | null;
  readonly timeoutMs: number | null;
  readonly startPeriodMs: number | null;
  readonly retries: number | null;
}

export interface ComposeAttachment {
  /** Key of the network in the file. */
  readonly network: string;
  readonly aliases: readonly string[];
}

export type ComposeMount =
  /** `volume` is the key in the file, or null for an anonymous one. */
  | { readonly kind: "volume"; readonly volume: string | null; readonly target: string; readonly readOnly: boolean }
  | { readonly kind: "bind"; readonly source: string; readonly target: string; readonly readOnly: boolean }
  | { readonly kind: "tmpfs"; readonly target: string; readonly options: string };

export interface ComposeNetwork {
  readonly key: string;
  /** Its name for the engine. */
  readonly name: string;
  readonly driver: string | null;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** True for one that somebody else made: it is used, never made or removed. */
  readonly external: boolean;
}

export interface ComposeVolume {
  readonly key: string;
  readonly name: string;
  readonly driver: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly external: boolean;
}
