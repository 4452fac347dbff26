#!/usr/bin/env node
import { main } from "../dist/cli/main.js";
import { systemHost } from "../dist/host/host.js";

process.exitCode = await main(systemHost());
