#!/bin/sh
# Paints twelve small runs as a job array of a real Slurm, which it starts on this machine alone and stops again: with a
# requeue and a node daemon that is killed. The pictures must have the same bytes as those of one process. Needs root and
# Debian's slurm-wlm and munge, which it installs; make test does without it.
set -eu
cd "$(dirname "$0")/.."

fail() {
	echo "test-slurm: $*" >&2
	exit 1
}

[ "$(id -u)" = 0 ] || fail "needs root, for munge and slurmd"
command -v slurmctld >/dev/null && command -v munged >/dev/null || {
	apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends slurm-wlm munge
} || fail "Debian's slurm-wlm and munge cannot be installed here"

here=$PWD
work=$(mktemp -d /tmp/zellige-slurm.XXXXXX)
export SLURM_CONF="$work/slurm.conf"

# Ends what was started here by its process id, and what a step daemon left behind.
stop() {
	status=$?
	trap - EXIT
	[ "$status" = 0 ] || tail -n 20 "$work"/*.log "$work"/*.out >&2 || true
	scancel --quiet --user=root 2>/dev/null || true
	for daemon in slurmctld slurmd munged; do
		if [ -s "$work/$daemon.pid" ]; then end "$(cat "$work/$daemon.pid")"; fi
	done
	rm -rf "$work"
	exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

# end stops one process, by force if ten seconds are not enough.
end() {
	kill "$1" 2>/dev/null || return 0
	for _ in $(seq 100); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -KILL "$1" 2>/dev/null || true
}

# wait_for tries a command until it succeeds, SECONDS long.
wait_for() {
	for _ in $(seq $(($1 * 2))); do
		if sh -c "$2"; then return; fi
		sleep 0.5
	done
	fail "waited $1 s for: $2"
}

start_daemons() {
	dd if=/dev/urandom of="$work/munge.key" bs=128 count=1 status=none
	chmod 0700 "$work"
	chmod 0600 "$work/munge.key"
	munged --force --num-threads=1 --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
		--log-file="$work/munged.log" --seed-file="$work/munge.seed"
	host=$(hostname -s)
	cat >"$SLURM_CONF" <<-EOF
		ClusterName=zellige
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=16817
		SlurmdPort=16818
		SlurmUser=root
		AuthType=auth/munge
		AuthInfo=socket=$work/munge.socket
		CredType=cred/munge
		StateSaveLocation=$work/state
		SlurmdSpoolDir=$work/spool
		SlurmctldPidFile=$work/slurmctld.pid
		SlurmdPidFile=$work/slurmd.pid
		SlurmctldLogFile=$work/slurmctld.log
		SlurmdLogFile=$work/slurmd.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		MpiDefault=none
		KillWait=5
		SlurmdTimeout=300
		ReturnToService=2
		NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
		PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
		SlurmdParameters=config_overrides
	EOF
	mkdir "$work/state" "$work/spool"
	slurmctld
	slurmd
	wait_for 60 "sinfo --noheader --format=%T | grep -qE 'idle|mixed'"
}

write_experiment() {
	cat >"$work/experiment.yaml" <<-EOF
		pictures: $here/testdata/pictures
		defaults: {preset: lab, content: red-panda.jpg, style: starry-night.jpg, image_size: 32, style_size: 32, iterations: $1}
		runs: [{name: seeds, sweep: {seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}}]
	EOF
	cat >"$work/array.sh" <<-EOF
		#!/bin/sh
		#SBATCH --array=1-4
		#SBATCH --cpus-per-task=1
		#SBATCH --signal=B:TERM@30
		#SBATCH --requeue
		#SBATCH --output=$work/task-%a.out
		#SBATCH --open-mode=append
		exec $here/bin/zellige run $work/experiment.yaml --out $work/results --threads 1
	EOF
}

# state counts the array's tasks that are in a state of squeue.
state() { squeue --noheader --array --jobs="$1" --states="$2" --format=%i 2>/dev/null | wc -l; }

write_experiment "${ITERATIONS:-400}"
echo "test-slurm: one process paints what is to be compared"
bin/zellige run "$work/experiment.yaml" --out "$work/whole" --threads 1 --quiet
start_daemons
job=$(sbatch --parsable "$work/array.sh")
echo "test-slurm: array $job runs"
wait_for 300 "test -s $work/results/seeds/seed=1/state.bin"
scontrol requeue "${job}_1"
# A node daemon that is killed before the first copy has ended takes it for running for ever.
wait_for 120 "squeue --noheader --array --jobs=$job --format='%K %t' | grep -q '^1 PD'"
echo "test-slurm: task 1 is requeued; the node daemon is killed and started again"
kill -KILL "$(cat "$work/slurmd.pid")"
sleep 2
slurmd
# A requeued task waits for two minutes, unless somebody asks for it.
wait_for 60 "scontrol update JobId=${job}_1 StartTime=now"
wait_for 900 "test -z \"\$(squeue --noheader --jobs=$job 2>/dev/null)\""

for picture in "$work"/whole/seeds/*/picture.png; do
	run=$(basename "$(dirname "$picture")")
	cmp "$picture" "$work/results/seeds/$run/picture.png" || fail "$run differs"
done
[ "$(find "$work/results" -name picture.png | wc -l)" = 12 ] || fail "there are not twelve pictures"
[ "$(grep -h ' iterations in ' "$work"/task-*.out | wc -l)" = 12 ] || fail "a run was painted twice"
grep -h 'goes on at iteration' "$work"/task-1.out || fail "the requeued task did not go on"
echo "test-slurm: ok, 12 pictures by 4 tasks, the same bytes as by one process"
