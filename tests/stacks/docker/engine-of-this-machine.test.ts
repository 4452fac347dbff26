import { expect, it } from "vitest";
import { requireEngineOfThisMachine } from "../../../src/stacks/docker/engine-of-this-machine.ts";

it.each(["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375", "https://localhost:2376", "tcp://[::1]:2375"])(
  "an engine at %s is of this machine",
  (address) => {
    expect(() => {
      requireEngineOfThisMachine({ address, from: "DOCKER_HOST" });
    }).not.toThrow();
  },
);

it.each(["tcp://10.0.0.7:2376", "https://engine.example:2376"])("an engine at %s is refused", (address) => {
  expect(() => {
    requireEngineOfThisMachine({ address, from: "DOCKER_HOST" });
  }).toThrow(/DOCKER_HOST: expected an engine of this machine/);
});
