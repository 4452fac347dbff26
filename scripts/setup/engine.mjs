import { works } from "./run.mjs";

const ASK = `
const given = /^unix:\\/\\/(.+)$/.exec(process.env.DOCKER_HOST ?? "")?.[1];
const socketPath = given ?? "/var/run/docker.sock";
const asked = require("node:http").get({ socketPath, path: "/_ping", timeout: 3000 }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
});
asked.on("timeout", () => asked.destroy()).on("error", () => process.exit(1));
`;

/** Whether a Docker engine answers here: then Redis can run in a container. */
export function engineAnswers() {
  return works(process.execPath, ["--eval", ASK]);
}
