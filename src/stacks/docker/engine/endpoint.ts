export interface Endpoint {
  /** Such as `unix:///var/run/docker.sock` or `tcp://127.0.0.1:2375`. */
  readonly address: string;
  /** Why that one: `DOCKER_HOST`, `context "rootless"`, `the default socket`. */
  readonly from: string;
  /** Folder with ca.pem, cert.pem and key.pem; null for a connection that is not encrypted. */
  readonly certificates: string | null;
}
