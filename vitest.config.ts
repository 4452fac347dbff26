import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/support/build.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    // Two cores: each file starts real servers, and more at once only slow each other down.
    maxWorkers: 2,
  },
});
