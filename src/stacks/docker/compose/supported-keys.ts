import type { Mistakes } from "../../../host/yaml/mistakes.ts";
import type { Mapping, Path } from "../../../host/yaml/path.ts";

/** Keys of the Compose specification that are no typing mistakes, but that lockbench does not carry out. */
const UNSUPPORTED = new Set(
  `annotations attach blkio_config cgroup cgroup_parent configs cpu_count cpu_percent cpu_period cpu_quota
  cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec develop device_cgroup_rules devices dns
  dns_opt dns_search domainname driver_opts extends external_links gpus group_add include ipc isolation
  label_file links logging mac_address mem_reservation mem_swappiness memswap_limit models network_mode
  oom_kill_disable oom_score_adj pid pids_limit platform post_start pre_stop privileged provider runtime
  secrets shm_size stdin_open storage_opt sysctls tty ulimits use_api_socket userns_mode uts volumes_from`.split(/\s+/),
);

/** The mapping without its extensions (`x-…`), and without the keys that are refused here by name. */
export function supportedKeys(mapping: Mapping, path: Path, mistakes: Mistakes): Mapping {
  const kept = Object.entries(mapping).filter(([key]) => !key.startsWith("x-"));
  for (const [key] of kept.filter(([name]) => UNSUPPORTED.has(name))) {
    mistakes.at(
      [...path, key],
      (where) => `${where}: expected a key that lockbench carries out, found "${key}", which it does not support`,
      "key",
    );
  }
  return Object.fromEntries(kept.filter(([key]) => !UNSUPPORTED.has(key)));
}
