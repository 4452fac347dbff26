import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import tar from "tar-fs";
import { onTestFinished } from "vitest";

const TYPES = "application/vnd.docker";

interface Blob {
  readonly bytes: Buffer;
  readonly digest: string;
}

/**
 * A registry on 127.0.0.1 that has one image of one layer, and hands it out slowly enough to watch.
 * https://distribution.github.io/distribution/spec/api/
 */
export async function startRegistry(folder: string, pauseMs: number): Promise<{ host: string }> {
  const archive = await bytesOf(tar.pack(folder));
  const layer = blobOf(gzipSync(archive, { level: 0 }));
  const config = blobOf(
    Buffer.from(
      JSON.stringify({
        architecture: "amd64",
        os: "linux",
        config: { Cmd: ["nothing"] },
        rootfs: { type: "layers", diff_ids: [blobOf(archive).digest] },
        history: [{ created_by: "a test" }],
      }),
    ),
  );
  const describe = (mediaType: string, { bytes, digest }: Blob) => ({ mediaType, size: bytes.length, digest });
  const manifest = blobOf(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: `${TYPES}.distribution.manifest.v2+json`,
        config: describe(`${TYPES}.container.image.v1+json`, config),
        layers: [describe(`${TYPES}.image.rootfs.diff.tar.gzip`, layer)],
      }),
    ),
  );
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    const wanted = [layer, config].find(({ digest }) => url.endsWith(digest));
    if (url === "/v2/") response.end("{}");
    else if (/\/manifests\/(1|sha256:.*)$/.test(url)) {
      const type = `${TYPES}.distribution.manifest.v2+json`;
      response.writeHead(200, {
        "content-type": type,
        "docker-content-digest": manifest.digest,
        "content-length": manifest.bytes.length,
      });
      response.end(request.method === "HEAD" ? undefined : manifest.bytes);
    } else if (wanted !== undefined) {
      response.writeHead(200, { "content-length": wanted.bytes.length });
      void sendSlowly(response, wanted.bytes, wanted === layer ? pauseMs : 0);
    } else {
      const errors = [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }];
      response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ errors }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return { host: `127.0.0.1:${String(address !== null && typeof address === "object" ? address.port : 0)}` };
}

/** In ten pieces. */
async function sendSlowly(response: ServerResponse, bytes: Buffer, pauseMs: number): Promise<void> {
  const size = Math.ceil(bytes.length / 10);
  for (let start = 0; start < bytes.length && !response.destroyed; start += size) {
    response.write(bytes.subarray(start, start + size));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  response.end();
}

function blobOf(bytes: Buffer): Blob {
  return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
