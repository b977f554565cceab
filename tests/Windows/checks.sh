# The checks on Wine. Each runs VteWatsAdapter.exe in processes of its own, and looks at its exit codes, its files and what WATS has.

run_all_checks() {
    rm -rf "$plants" "$results"
    mkdir -p "$plants"
    trap clean_up EXIT
    start_wine
    "$wine" --version
    check 'sample databases of 20, 100 and 3000 runs' make_samples
    track killed_syncs
    track all_else
    sum_up
}

killed_syncs() {
    check 'SIGKILL at random moments: each report is stored once' killed_sync 30 3000
    check 'each of these reports is byte for byte the one that Linux makes' as_on_linux
}

all_else() {
    check_module
    check_task
    check_exit_codes
    check 'state file cut at random bytes: exit code 40, nothing reset, nothing sent' cut_state
    check 'state file that another program holds: exit code 40, then all is sent' held_state None
    check 'state file that another program reads: exit code 40 when it cannot be replaced, then all is sent' held_state ReadWrite
    check 'a second sync at once: exit code 20, and it names the first' second_sync
    check 'Ctrl+C: exit code 130, and the next sync goes on' interrupted_sync
}

make_samples() {
    plant=$plants/samples
    mkdir "$plant"
    adapter -Command '
        param($Folder)
        $ErrorActionPreference = "Stop"
        foreach ($runs in 20, 100, 3000) {
            $null = New-VteSampleDatabase -Path "$Folder\$runs.db" -Runs $runs -Seed 5 -Until 2025-03-01T00:00:00Z
        }
    ' -Folder "$(windows_path "$plant")" || fail "$(said)"
}

check_module() {
    plant module
    check_inside module "$(script Module)" -Folder "$(windows_path "$plant")" -Configuration "$(in_plant vtewats.json)"
}

check_task() {
    plant 'task of br[1]' 20
    check_inside task "$(script Task)" -Folder "$(in_plant units)" -Configuration "$(in_plant vtewats.json)"
}

# --- Exit codes --------------------------------------------------------------------------------------------------------------------

check_exit_codes() {
    check 'exit code 0: everything sent, and then nothing to do' sent_and_done
    check 'exit code 10: some runs are in the dead letters' dead_letters
    check 'exit code 30: no database' no_database
    check 'exit code 31: no WATS server' no_server
    check 'exit code 32: the token is refused, and not shown' wrong_token
    check 'exit code 41: WATS refuses every report' mass_rejection
    check 'exit code 50: a time zone that is none' wrong_zone
    check 'exit code 50: a site that is not configured' wrong_site
    check 'exit code 64: a script that is not there' program_ends 64 'no-such-script.ps1'
    check 'exit code of a script: its own' program_ends 7 -Command 'exit 7'
    check 'exit code of a script that ends with an error: 1' program_ends 1 -Command 'throw "no"'
}

sent_and_done() {
    plant done 100
    sync_ends 0 'Oslo: Completed\. 100 uploaded'
    sync_ends 0 'Oslo: Completed\. 0 uploaded'
    same 'Posts' 100 "$(stored posts)"
}

dead_letters() {
    mapping='' plant letters 100
    sync_ends 10 'Oslo: CompletedWithDeadLetters'
    local letters
    letters=$(find "$plant/state/dead-letters" -type f | wc -l)
    ((letters > 0)) || fail 'There is no dead letter.'
    same 'Reports and dead letters' 100 $(($(stored reports) + letters))
    echo "$letters dead letters"
}

no_database() {
    database='no such.db' plant no-database
    sync_ends 30 'VteWats\.Sql'
}

no_server() {
    url=http://127.0.0.1:9 plant no-server 20
    sync_ends 31 'VteWats\.WatsUnreachable'
}

wrong_token() {
    plant wrong-token 20
    VTEWATS_WINDOWS_TOKEN=wr0ng-t0ken sync_ends 32 'VteWats\.WatsUnauthorized'
    ! grep -rqs 'wr0ng-t0ken' "$plant" || fail "The token is shown: $(grep -rs 'wr0ng-t0ken' "$plant")"
}

mass_rejection() {
    plant rejected 100
    wats POST faults '{ "kind": "Refuse" }'
    sync_ends 41 'VteWats\.MassRejection'
}

wrong_zone() {
    zone='W. Mars Standard Time' plant wrong-zone 20
    sync_ends 50 'VteWats\.ConfigurationInvalid'
    says 'W\. Mars Standard Time' || fail "It does not name the zone: $(said)"
}

wrong_site() {
    plant wrong-site 20
    site=Osllo sync_ends 50 'VteWats\.ConfigurationInvalid'
}

program_ends() {
    local expected=$1 code=0
    shift
    plant script
    adapter "$@" || code=$?
    same 'Exit code' "$expected" "$code" "$(said)"
}

# --- State -------------------------------------------------------------------------------------------------------------------------

# What stands in the configuration as initialSince would be the beginning of a state that was silently reset: the sync would end with 0.
cut_state() {
    plant cut 100
    sync_ends 0
    local file cut size cuts=0
    cp -a "$plant/state" "$plant/whole"
    while IFS= read -r file; do
        size=$(stat -c %s "$file")
        # The line end at the end carries nothing.
        for cut in 0 $(for _ in {1..5}; do random 1 $((size - 2)); done); do
            truncate -s "$cut" "$file"
            cp "$file" "$plant/cut-file"
            sync_ends 40 'VteWats\.(Watermark|State)Unreadable'
            cmp -s "$file" "$plant/cut-file" || fail "Cut at $cut bytes, ${file##*/} was written to."
            cp -a "$plant/whole/${file##*/}" "$file"
            cuts=$((cuts + 1))
        done
    done < <(state_files)
    ((cuts > 0)) || fail 'There is no state file.'
    while IFS= read -r file; do truncate -s 0 "$file"; done < <(other_files)
    sync_ends 0 'Oslo: Completed\. 0 uploaded'
    same 'Posts' 100 "$(stored posts)"
    echo "$cuts cuts"
}

# A plant whose sync was cut off, so that there is state, and something left to send.
half_synced() {
    plant "$1" 100
    slow_wats 300
    start_sync
    until_true 120 at_least 30 || fail "Nothing is sent: $(started_said)"
    kill_one "$started"
    wats DELETE faults
    same 'State files' 1 "$(state_files | wc -l)"
}

held_state() {
    local share=$1 file code posts holder
    half_synced "held-$share"
    file=$(state_files)
    cp "$file" "$plant/before"
    start "$(script Hold)" -Path "$(windows_path "$file")" -Share "$share" -Until "$(in_plant enough)"
    holder=$started
    until_true 120 grep -qs holding "$plant/started.txt" || fail "The file is not held: $(started_said)"
    posts=$(stored posts)
    if [[ $share == None ]]; then
        sync_ends 40 'VteWats\.((Watermark|State)Unreadable|StateNotWritable)'
        same 'Posts without state' "$posts" "$(stored posts)"
    else
        sync_ends 40 'VteWats\.StateNotWritable'
    fi
    says "${file##*/}" || fail "It does not name the file: $(said)"
    touch "$plant/enough"
    end_of "$holder" 30 || fail "The holder failed: $(started_said)"
    cmp -s "$file" "$plant/before" || fail 'The state was written to.'
    sync_ends 0
    all_stored 100
}

# Each run of the database is in WATS, once, and nothing else is.
all_stored() {
    same 'Reports' "$1" "$(stored reports)"
    same 'Different ids of reports' "$1" "$(report_ids | uniq | wc -l)"
    same 'Reports that overwrote one another' 0 "$(stored swallowed)"
    adapter "$(script RunIds)" -Configuration "$(in_plant vtewats.json)" || fail "The runs cannot be read: $(said)"
    local differing
    differing=$(comm -3 <(said | sort) <(report_ids) | wc -l)
    same 'Ids of runs and of reports that differ' 0 "$differing"
}

# --- Syncs that are disturbed ------------------------------------------------------------------------------------------------------

second_sync() {
    local first
    plant second 100
    slow_wats 3000
    start_sync
    first=$started
    until_true 120 at_least 1 || fail "Nothing is sent: $(started_said)"
    sync_ends 20 'Oslo: Skipped'
    says 'process [0-9]+ of ' || fail "It does not name the first: $(said)"
    ! has_ended "$first" || fail "The first ended before the second: $(started_said)"
    wats DELETE faults
    end_of "$first" 60 || fail "The first failed: $(started_said)"
    all_stored 100
    same 'Posts' 100 "$(stored posts)"
}

# Wine makes a Ctrl+C of the console of SIGINT.
interrupted_sync() {
    local code=0
    plant interrupted 100
    slow_wats 500
    start_sync
    until_true 120 at_least 20 || fail "Nothing is sent: $(started_said)"
    kill -INT "$started"
    end_of "$started" 30 || code=$?
    same 'Exit code' 130 "$code" "$(started_said)"
    (($(stored reports) < 100)) || fail 'It went on to the end.'
    wats DELETE faults
    sync_ends 0
    all_stored 100
}

# A third of the kills come at some time after the start, during import and opening too; the others after some more reports.
killed_sync() {
    local kills=$1 runs=$2 number stored end
    plant killed "$runs"
    slow_wats 40
    for ((number = 1; number <= kills; number++)); do
        ((SECONDS < limit)) || fail "$limit s were over before kill $number."
        stored=$(stored reports)
        start_sync
        if ((number % 3 == 1)); then
            pause "$(random 1000 5000)"
        else
            until_true 120 at_least $((stored + $(random 1 100))) || fail "Sync $number does not get on: $(started_said)"
            pause "$(random 0 300)"
        fi
        if has_ended "$started"; then
            end=0
            wait "$started" || end=$?
            fail "Sync $number ended before it was killed, with $(stored reports) reports and exit code $end: $(started_said)"
        fi
        kill_one "$started"
    done
    stored=$(stored reports)
    wats DELETE faults
    sync_ends 0
    all_stored "$runs"
    sync_ends 0 'Oslo: Completed\. 0 uploaded'
    report_contents > "$plant/contents.txt"
    echo "$kills kills, the last at $stored reports; $runs runs, $(stored reports) reports, 0 missing, 0 twice;" \
        "$(($(stored storedPosts) - runs)) of them posted again under their id"
}

# The same runs by the program for this machine, in the same zone by its other name.
as_on_linux() {
    [[ -s $plants/killed/contents.txt ]] || fail 'There are no reports to compare with.'
    zone=Europe/Berlin plant linux 3000
    local differing
    dotnet exec "$native_program" "$program/samples/Sync-VteToWats.ps1" -Site Oslo -ConfigurationPath "$plant/vtewats.json" \
        > "$plant/said.txt" 2>&1 || fail "The sync on Linux fails: $(said)"
    report_contents > "$plant/contents.txt"
    differing=$(comm -3 "$plant/contents.txt" "$plants/killed/contents.txt" | wc -l)
    same 'Reports that differ' 0 "$differing"
    echo "$(wc -l < "$plant/contents.txt") reports"
}
