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
    check 'state cut at 0 bytes, between pages and in them: exit code 40, nothing reset, nothing sent' cut_state
    check 'state of a killed sync, its log or its index cut: exit code 40 and nothing sent, or nothing lost' cut_log
    check 'state that another program holds: exit code 40, then all is sent' held_state state.db None 40 'VteWats\.StateNotWritable'
    check 'state that may only be read: exit code 40, then all is sent' held_state state.db Read 40 'VteWats\.StateNotWritable'
    check 'state that another program reads: the sync goes on' held_state state.db ReadWrite 0
    check 'log of the state that another program holds: exit code 40, then all is sent' \
        held_state state.db-wal None 40 'VteWats\.StateNotWritable'
    check 'readable copy that another program holds: the sync goes on' held_state oslo.watermark.json None 0
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
    adapter -Command 'param($Configuration) "letters: " + @(Get-VteDeadLetter -Site Oslo -ConfigurationPath $Configuration).Count' \
        -Configuration "$(in_plant vtewats.json)" || fail "$(said)"
    letters=$(said | sed -n 's/^letters: //p')
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
# The database was closed, so that all of it is in one file. What lacks only of its last page may be empty space: cuts lie before it.
cut_state() {
    plant cut 100
    sync_ends 0
    local file size pages cut cuts=0
    file=$(state_files)
    [[ ! -e $file-wal ]] || fail 'A sync that ended by itself has left its log.'
    cp -a "$plant/state" "$plant/whole"
    size=$(stat -c %s "$file")
    pages=$((size / page))
    ((pages > 3)) || fail "The state has $size bytes only."
    for cut in "$page" $((page * $(random 2 $((pages - 1))))) $((page * (pages - 1))) \
        "$(random 1 99)" "$(random 100 $((page - 1)))" $(for _ in {1..4}; do random "$page" $((page * (pages - 1))); done); do
        truncate -s "$cut" "$file"
        cp "$file" "$plant/cut-file"
        sync_ends 40 'VteWats\.StateUnreadable'
        cmp -s "$file" "$plant/cut-file" || fail "Cut at $cut bytes, ${file##*/} was written to."
        same "Posts after a cut at $cut bytes" 100 "$(stored posts)"
        restore_state
        cuts=$((cuts + 1))
    done
    # Of an empty file SQLite makes a new database; that it knows nothing is told each time, and not taken for a first sync.
    truncate -s 0 "$file"
    for _ in 1 2; do
        sync_ends 40 'VteWats\.StateUnreadable'
        same 'Posts after a cut at 0 bytes' 100 "$(stored posts)"
    done
    adapter -Command 'param($Folder) (Test-VteWatsState -StateFolder $Folder).IsSound' -Folder "$(in_plant state)" || fail "$(said)"
    says '^False' || fail "Test-VteWatsState says of the emptied state: $(said)"
    # As errors.md says.
    mv "$file" "$plant/away.db"
    adapter -Command 'param($Configuration, $Copy)
        $ErrorActionPreference = "Stop"
        $null = Set-VteWatermark -Site Oslo -ConfigurationPath $Configuration -FromFile $Copy -Reason cut -Confirm:$false
        ' -Configuration "$(in_plant vtewats.json)" -Copy "$(in_plant state/oslo.watermark.json)" || fail "It is not restored: $(said)"
    sync_ends 0
    all_stored 100
    same 'Posts after the position was restored' 100 "$(stored posts)"
    restore_state
    # Without the copies and locks nothing is lost.
    while IFS= read -r file; do truncate -s 0 "$file"; done < <(other_files)
    sync_ends 0 'Oslo: Completed\. 0 uploaded'
    same 'Posts' 100 "$(stored posts)"
    echo "$((cuts + 1)) cuts"
}

restore_state() {
    rm -rf "$plant/state"
    cp -a "${1-$plant/whole}" "$plant/state"
}

# A sync that was killed leaves a log with what is not in the database yet. Each cut ends with 40 and nothing is sent, or the sync goes on
# from what is left, and at the end each run is in WATS once.
cut_log() {
    half_synced cut-log
    local posts file name size frames cut code refused=0 went_on=0
    for name in state.db state.db-wal state.db-shm; do [[ -s $plant/state/$name ]] || fail "The killed sync left no $name."; done
    cp -a "$plant/state" "$plant/killed"
    # SQLite itself would remove the log of an emptied database.
    posts=$(stored posts)
    truncate -s 0 "$plant/state/state.db"
    sync_ends 40 'VteWats\.StateUnreadable'
    cmp -s "$plant/state/state.db-wal" "$plant/killed/state.db-wal" || fail 'The log of the emptied database was changed.'
    same 'Posts after the database was emptied' "$posts" "$(stored posts)"
    for name in state.db-wal state.db-wal-without-shm state.db state.db-shm; do
        file=$plant/state/${name%-without-shm}
        size=$(stat -c %s "$plant/killed/${file##*/}")
        # A frame of the log is a page with 24 bytes before it, and before the first one stand 32.
        frames=$((size > page + 56 ? (size - 32) / (page + 24) : 1))
        for cut in 0 $((32 + (page + 24) * $(random 0 $((frames - 1))))) "$(random 1 $((size - 1)))"; do
            # Seen above.
            if [[ $name == state.db && $cut == 0 ]]; then continue; fi
            restore_state "$plant/killed"
            [[ $name != *-without-shm ]] || rm "$plant/state/state.db-shm"
            truncate -s "$cut" "$file"
            posts=$(stored posts)
            sync_arguments
            code=0
            adapter "${sync[@]}" || code=$?
            if ((code == 40)); then
                says 'VteWats\.StateUnreadable' || fail "$name cut at $cut bytes: $(said)"
                same "Posts after $name was cut at $cut bytes" "$posts" "$(stored posts)"
                refused=$((refused + 1))
            else
                same "Exit code after $name was cut at $cut bytes" 0 "$code" "$(said)"
                all_stored 100
                went_on=$((went_on + 1))
            fi
        done
    done
    restore_state "$plant/killed"
    sync_ends 0
    all_stored 100
    echo "$((1 + refused + went_on)) cuts: $((1 + refused)) refused, $went_on went on and lost nothing"
}

# A plant whose sync was cut off, so that there is state, and something left to send.
half_synced() {
    plant "$1" 100
    slow_wats 300
    start_sync
    until_true "$patience" at_least 30 || fail "Nothing is sent: $(started_said)"
    kill_one "$started"
    wats DELETE faults
    same 'State files' 1 "$(state_files | wc -l)"
}

# held_state FILE SHARE CODE [ERROR]: a sync ends with the code while another program has the file open and shares it so.
held_state() {
    local file share=$2 code=$3 error=${4-} posts holder
    half_synced "held-$1-$share"
    file=$plant/state/$1
    cp "$file" "$plant/before"
    start "$(script Hold)" -Path "$(windows_path "$file")" -Share "$share" -Until "$(in_plant enough)"
    holder=$started
    until_true "$patience" grep -qs holding "$plant/started.txt" || fail "The file is not held: $(started_said)"
    posts=$(stored posts)
    sync_ends "$code" "$error"
    if ((code)); then
        same 'Posts without state' "$posts" "$(stored posts)"
        says 'state\.db' || fail "It does not name the file: $(said)"
        cmp -s "$file" "$plant/before" || fail 'The state was written to.'
    else
        all_stored 100
    fi
    touch "$plant/enough"
    end_of "$holder" "$patience" || fail "The holder failed: $(started_said)"
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
    until_true "$patience" at_least 1 || fail "Nothing is sent: $(started_said)"
    sync_ends 20 'Oslo: Skipped'
    says 'process [0-9]+ of ' || fail "It does not name the first: $(said)"
    ! has_ended "$first" || fail "The first ended before the second: $(started_said)"
    wats DELETE faults
    end_of "$first" "$patience" || fail "The first failed: $(started_said)"
    all_stored 100
    same 'Posts' 100 "$(stored posts)"
}

# Wine makes a Ctrl+C of the console of SIGINT.
interrupted_sync() {
    local code=0
    plant interrupted 100
    slow_wats 500
    start_sync
    until_true "$patience" at_least 20 || fail "Nothing is sent: $(started_said)"
    kill -INT "$started"
    end_of "$started" "$patience" || code=$?
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
            until_true "$patience" at_least $((stored + $(random 1 100))) || fail "Sync $number does not get on: $(started_said)"
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
