#!/bin/sh
# Asks a fleet on one machine, for cron: 17 */2 * * * /usr/local/bin/fleet-cron.sh
# The metrics go to node_exporter's textfile collector; alert where pairflight_fleet_exit_code is not 0, where
# time() - pairflight_fleet_run_timestamp_seconds grows past two runs, and where pairflight_fleet_problems is above 0.
set -u
: "${FLEET:=/etc/pairflight/fleet.yaml}" "${RESULTS:=/var/lib/pairflight/fleet}" "${METRICS:=/var/lib/node_exporter/pairflight.prom}"
exec pairflight fleet verify "$FLEET" --out "$RESULTS" --report "prometheus=$METRICS" --report-mode 0644
