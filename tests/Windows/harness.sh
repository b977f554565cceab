# What the checks on Wine share: counting them, the program, plants to run it in, and the sandbox WATS server, which runs on Linux.
# Sourced by .ci/windows, which sets root, work, wine, program, sandbox_program and native_program.

results=$work/results.txt
plants=$work/plants
# Seconds from the start of the stage after which nothing new is begun, and seconds after which what does not end hangs: on a machine that
# has other work, a sync of two seconds has taken three minutes.
limit=5400
patience=900
# Bytes of a page of SQLite.
page=4096

# --- Checks ------------------------------------------------------------------------------------------------------------------------

# check NAME COMMAND [ARGUMENT ...]: passes when the command does. What it says is its figures, or why it failed.
check() {
    local name=$1 said
    shift
    if ((SECONDS > limit)); then
        result FAILED "$name: not begun, for $limit s were over"
    elif said=$(trap kill_started EXIT; "$@" 2>&1); then
        result passed "$name${said:+ ($said)}"
    else
        result FAILED "$name: $said"
    fi
}

# check_inside NAME SCRIPT [ARGUMENT ...]: checks in one process, by a script that prints a line for each and ends with "done".
check_inside() {
    local name=$1 line
    shift
    adapter "$@" || echo "It ended with exit code $?." >> "$plant/said.txt"
    while IFS= read -r line; do
        case $line in passed\ * | FAILED\ *) result "${line%% *}" "${line#* }" ;; esac
    done < <(said)
    says '^done' || result FAILED "$name: the script did not come to its end: $(said)"
}

result() {
    printf '%4ss  %s  %s\n' "$SECONDS" "$1" "$2"
    echo "$1" >> "$results"
}

# track COMMAND: a series of checks beside other ones, with a sandbox of its own.
track() {
    (
        RANDOM=12
        trap stop_sandbox EXIT
        start_sandbox "$1"
        "$@"
    ) &
    tracks[$!]=$1
}
declare -A tracks=()

# Waits for all tracks and prints the sum; fails when one check did, or when a track did not come to its end.
sum_up() {
    local id passed failed
    for id in "${!tracks[@]}"; do
        wait "$id" || result FAILED "${tracks[$id]} did not come to its end: exit code $?."
        unset "tracks[$id]"
    done
    passed=$(grep -c passed "$results" || true)
    failed=$(grep -c FAILED "$results" || true)
    echo "$passed passed, $failed failed, in $SECONDS s"
    ((failed == 0 && passed > 0))
}

# Ends what is still at work: the tracks, and all that runs in Wine.
clean_up() {
    local id
    for id in "${!tracks[@]}"; do kill "$id" || true; done
    stop_wine
}

# Within a check: its end, when what it was to show is not so.
fail() {
    echo "$*"
    exit 1
}
same() { [[ $2 == "$3" ]] || fail "$1: $3 instead of $2.${4:+ $4}"; }

# --- The program -------------------------------------------------------------------------------------------------------------------

# Own prefix, own home, no display. Without the two DOTNET settings the runtime crashes on Wine now and then;
# without a debugger a crash has an exit code; file names of Wine are in the alphabet of the locale.
start_wine() {
    export WINEPREFIX=$work/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='winedbg.exe=d;winemenubuilder.exe=d' LC_ALL=C.UTF-8
    unset DISPLAY WAYLAND_DISPLAY
    wine_environment=(HOME="$work/home" DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=0)
    wineserver=$(command -v wineserver || echo /usr/lib/wine/wineserver)
    if [[ -d $WINEPREFIX ]]; then stop_wine; fi
    rm -rf "$WINEPREFIX" "$work/home"
    mkdir -p "$WINEPREFIX" "$work/home"
    # Only the second start of a prefix starts its Task Scheduler. What a service inherits it keeps open: no pipe may be among it.
    {
        in_wine "$patience" wineboot -i && in_wine "$patience" reg add 'HKCU\Software\Wine' /v Version /d win10 /f && stop_wine &&
            "$wineserver" -p && in_wine "$patience" wineboot
    } < /dev/null > "$work/wineboot.txt" 2>&1 || { cat "$work/wineboot.txt"; echo 'Wine does not start.'; exit 1; }
}

# All that ran in the prefix ends with its server, and nothing else.
stop_wine() {
    "$wineserver" -k 2> /dev/null || true
    timeout 30 "$wineserver" -w 2> /dev/null || true
}

in_wine() {
    local seconds=$1
    shift
    env "${wine_environment[@]}" timeout -k 5 "$seconds" "$wine" "$@"
}

# adapter ARGUMENT ...: runs VteWatsAdapter.exe to its end. What it says goes to a file of the plant: a pipe would be kept open
# by those processes of Wine that are started beside it and live on.
adapter() { in_wine "$patience" "$program/VteWatsAdapter.exe" "$@" < /dev/null > "$plant/said.txt" 2>&1; }

# start ARGUMENT ...: starts it; its process id is in $started, what it says goes to another file.
start() {
    env "${wine_environment[@]}" "$wine" "$program/VteWatsAdapter.exe" "$@" < /dev/null > "$plant/started.txt" 2>&1 &
    started=$!
    running[$started]=1
}
declare -A running=()

# What the program said that ran to its end last, or that was started last. Wine complains each time that it cannot read the disk itself.
said() { quiet "$plant/said.txt"; }
started_said() { quiet "$plant/started.txt"; }
quiet() { tr -d '\r' < "$1" | sed '/^wine: Read access denied/d'; }
says() { grep -qE -e "$1" <<< "$(said)"; }

kill_one() {
    unset "running[$1]"
    { kill -KILL "$1" && wait "$1"; } 2> /dev/null || true
}
kill_started() {
    local id
    for id in "${!running[@]}"; do kill_one "$id"; done
}

# end_of PID SECONDS: waits for its end and returns its exit code; what does not end is killed and fails the check.
end_of() {
    until_true "$2" has_ended "$1" || fail "The program did not end in $2 seconds."
    unset "running[$1]"
    wait "$1" 2> /dev/null
}
has_ended() { ! kill -0 "$1" 2> /dev/null; }

# until_true SECONDS COMMAND ...: whether the command succeeds in this time.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

windows_path() { printf 'Z:%s' "${1//\//\\}"; }
script() { windows_path "$root/tests/Windows/$1.ps1"; }
in_plant() { windows_path "$plant/$1"; }

# random FROM TO: a whole number. The same ones each time: a failure can be had again.
random() { echo $(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1))); }
pause() { sleep "$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))"; }

# --- Plants ------------------------------------------------------------------------------------------------------------------------

# plant NAME [RUNS]: a new folder $plant with a sample database, no state, a configuration; and a sandbox that knows nothing.
# Before it, to be had otherwise: zone= database= url= mapping=
plant() {
    plant=$plants/$1
    mkdir -p "$plant"
    [[ $# == 1 ]] || cp "$plants/samples/$2.db" "$plant/sample.db" || fail "There is no sample of $2 runs."
    configuration > "$plant/vtewats.json"
    local what
    for what in reports requests faults; do wats DELETE $what || fail 'The sandbox does not answer.'; done
}

every_run_is_mapped='"missingSerialNumber": "NOSERIAL-{Id}", "resultCodes": { "0": "F", "1": "P", "2": "E", "3": "T", "7": "F" },'

configuration() {
    cat << END
{
  "sites": {
    "Oslo": {
      "connection": { "path": "${database-sample.db}", "settleSeconds": 0 },
      "timeZone": "${zone-W. Europe Standard Time}",
      "timestampIs": "start",
      "mapping": { ${mapping-$every_run_is_mapped} "defaultProcessCode": 100 },
      "initialSince": "2000-01-01T00:00:00"
    }
  },
  "wats": {
    "baseUrl": "${url-$sandbox_url}", "token": "env:VTEWATS_WINDOWS_TOKEN", "proxy": "none", "requestsPerMinute": 0, "maxAttempts": 2
  },
  "stateFolder": "state",
  "sync": { "batchSize": 10 },
  "logging": { "folder": "logs" }
}
END
}

# The arguments of a sync of the plant, as a task has them.
sync_arguments() {
    sync=("$(windows_path "$program/samples/Sync-VteToWats.ps1")" -Site "${site-Oslo}" -ConfigurationPath "$(in_plant vtewats.json)")
}

start_sync() {
    sync_arguments
    start "${sync[@]}"
}

# sync_ends CODE [TEXT]: syncs the plant; the exit code must be that, and what is said must match the text.
sync_ends() {
    local code=0
    sync_arguments
    adapter "${sync[@]}" || code=$?
    same 'Exit code' "$1" "$code" "$(said)"
    [[ -z ${2-} ]] || says "$2" || fail "It did not say $2: $(said)"
}

# The file of the state folder that holds what must not be lost; beside it lie copies and locks, without which nothing is lost, and its
# log, which is gone when a sync has ended by itself.
# Nothing else here knows its name.
state_pattern='state.db'
state_files() { find "$plant/state" -maxdepth 1 -type f -name "$state_pattern"; }
other_files() { find "$plant/state" -maxdepth 1 -type f -not -name "$state_pattern"; }

# --- The sandbox WATS server -------------------------------------------------------------------------------------------------------

# start_sandbox NAME
start_sandbox() {
    local said=$work/sandbox-$1.txt
    dotnet exec "$sandbox_program" --port 0 > "$said" 2>&1 &
    sandbox_process=$!
    until_true "$patience" grep -qs ' token ' "$said" || { cat "$said"; echo 'The sandbox does not start.'; exit 1; }
    sandbox_url=$(sed -n 's/.* at \(http[^ ]*\) token .*/\1/p' "$said")
    VTEWATS_WINDOWS_TOKEN=$(sed -n 's/.* token //p' "$said")
    export VTEWATS_WINDOWS_TOKEN
}
sandbox_process=
stop_sandbox() { [[ -z $sandbox_process ]] || kill_one "$sandbox_process"; }

# wats METHOD WHAT [BODY]: a control route of the sandbox.
wats() {
    curl --silent --show-error --fail --noproxy '*' --max-time 20 --request "$1" ${3:+--data "$3"} "$sandbox_url/sandbox/$2"
}

# stored NAME: a number of the sandbox: reports, posts, storedPosts, swallowed.
stored() { wats GET counts | grep -o "\"$1\":[0-9]*" | cut -d : -f 2; }
at_least() { (($(stored reports) >= $1)); }

# The ids of all reports, or with hash the ids and what each contains, one a line.
report_ids() { wats GET reports | grep -o '"id":"[^"]*"' | cut -d '"' -f 4 | sort; }
report_contents() { wats GET reports | grep -oE '"(id|hash)":"[^"]*"' | cut -d '"' -f 4 | paste - - | sort; }
slow_wats() { wats POST faults "{ \"kind\": \"Latency\", \"delayMilliseconds\": $1, \"path\": \"WSJF\" }"; }
