import { PassThrough } from "node:stream";
import type Dockerode from "dockerode";
import { environmentError } from "../../domain/errors.ts";
import { engineError, statusOf } from "./engine/engine-error.ts";
import { untilRemoved } from "./engine/until-removed.ts";
import { DoorClient } from "./door-client.ts";

const PROGRAM = "/app/dist/stacks/docker/door/main.js";
const COMPLAINT_KEPT = 2000;
const CONFLICT = 409;

export interface Door {
  readonly client: DoorClient;
  /** Ends the helper and waits until it is gone. */
  close(): Promise<void>;
}

/** Starts the helper container that speaks SQLite beside the servers, and connects to it. */
export async function openDoor(
  docker: Dockerode,
  server: string,
  labels: Readonly<Record<string, string>>,
): Promise<Door> {
  try {
    const { Image: image } = await docker.getContainer(server).inspect();
    const container = await createHelper(docker, helperOptions(image, server, labels), `${server}-helper`);
    return await connect(docker, container).catch(async (error: unknown) => {
      // The engine removes by itself only what has run.
      await container.remove({ force: true }).catch(() => undefined);
      throw error;
    });
  } catch (error) {
    throw engineError("the helper that reads databases cannot be started", error);
  }
}

/** By a name that tells whose it is; two commands may look at the same stack, and then the second one gets none. */
async function createHelper(
  docker: Dockerode,
  options: Dockerode.ContainerCreateOptions,
  name: string,
): Promise<Dockerode.Container> {
  try {
    return await docker.createContainer({ ...options, name });
  } catch (error) {
    if (statusOf(error) !== CONFLICT) throw error;
    return docker.createContainer(options);
  }
}

async function connect(docker: Dockerode, container: Dockerode.Container): Promise<Door> {
  const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
  const client = new DoorClient(stream);
  const complaints: Buffer[] = [];
  docker.modem.demuxStream(
    stream,
    heard((part) => {
      client.take(part);
    }),
    heard((part) => complaints.push(part)),
  );
  const end = (): void => {
    const said = Buffer.concat(complaints).toString("utf8").trim().slice(-COMPLAINT_KEPT);
    client.fail(doorClosed(said));
  };
  stream.on("end", end).on("close", end).on("error", end);
  await container.start();
  return {
    client,
    async close() {
      client.close();
      // Its input has ended, so it ends, and then the engine removes it; it may even be gone by now.
      await untilRemoved(container);
    },
  };
}

function helperOptions(
  image: string,
  server: string,
  labels: Readonly<Record<string, string>>,
): Dockerode.ContainerCreateOptions {
  return {
    Image: image,
    Entrypoint: ["node"],
    Cmd: [PROGRAM],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Healthcheck: { Test: ["NONE"] },
    // It has nothing to finish, and as the first process of its container it does not hear SIGTERM.
    StopSignal: "SIGKILL",
    Labels: { ...labels },
    HostConfig: {
      VolumesFrom: [server],
      // Its standard input ends with us, so the engine removes it even when we are killed.
      AutoRemove: true,
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
    },
  };
}

function heard(take: (part: Buffer) => void): PassThrough {
  const stream = new PassThrough();
  stream.on("data", take);
  return stream;
}

function doorClosed(said: string): Error {
  return environmentError(
    "NO_DATABASE_ACCESS",
    `databases in the container cannot be reached: the helper container ended${said === "" ? "" : `, its last words: ${said}`}`,
    {
      hint:
        said === ""
          ? "run it again; if it ends each time, look whether the engine has memory and disk left"
          : "build the image again (lockbench down, then up), and look whether the engine has memory and disk left",
    },
  );
}
