# The module on Windows: import, sample database, time zones, paths.
param([string] $Folder, [string] $Configuration)
$ErrorActionPreference = 'Stop'
. ([IO.Path]::Combine($PSScriptRoot, 'Checks.ps1'))

$until = '2025-03-01T00:00:00Z'
$database = [IO.Path]::Combine($Folder, 'inside.db')

Check 'the engine runs on Windows' { Equal 'The platform' 'Win32NT' ([Environment]::OSVersion.Platform) }

Check 'import: every cmdlet of the manifest is there, and nothing else' {
    $module = Get-Module VteWats
    $manifest = [IO.File]::ReadAllText([IO.Path]::Combine($module.ModuleBase, 'VteWats.psd1'))
    $declared = [scriptblock]::Create($manifest).InvokeReturnAsIs().CmdletsToExport
    [Array]::Sort($declared)
    $there = [string[]] $module.ExportedCmdlets.Keys
    [Array]::Sort($there)
    if (-not $declared.Count) { throw 'The manifest names no cmdlet' }
    Equal 'The list of cmdlets' ($declared -join ' ') ($there -join ' ')
}

Check 'sample database: made, read, and its steps with it' {
    $sample = New-VteSampleDatabase -Path $database -Runs 120 -Seed 5 -Until $until
    $runs = @(Get-VteTestRun -DatabasePath $database -TimeZone 'W. Europe Standard Time')
    Equal 'The number of runs' 120 $runs.Count
    $steps = 0
    foreach ($run in $runs) { $steps += $run.Steps.Count }
    Equal 'The number of steps' $sample.Steps $steps
}

Check 'import: what the module needs is loaded from its own folder, in the form for Windows, and not into the engine''s context' {
    $deps = [IO.Path]::Combine((Get-Module VteWats).ModuleBase, 'bin\net8.0\deps')
    $seen = @{}
    foreach ($context in [Runtime.Loader.AssemblyLoadContext]::All) {
        foreach ($assembly in $context.Assemblies) {
            if ($assembly.IsDynamic -or -not $assembly.Location.StartsWith($deps, 'OrdinalIgnoreCase')) { continue }
            if ($context -eq [Runtime.Loader.AssemblyLoadContext]::Default) { throw "$($assembly.Location) is in the default load context" }
            $seen[$assembly.GetName().Name] = $assembly.Location
        }
    }
    foreach ($name in 'VteWats.Core', 'Microsoft.Data.Sqlite') { if (-not $seen[$name]) { throw "$name is not loaded from $deps" } }
    $native = @([Diagnostics.Process]::GetCurrentProcess().Modules | Where-Object ModuleName -EQ 'e_sqlite3.dll')
    Equal 'The place of e_sqlite3.dll' ([IO.Path]::Combine($deps, 'runtimes\win-x64\native\e_sqlite3.dll')) "$($native.FileName)"
}

# Offsets by the law of the country, for runs between 1 October 2024 and 1 March 2025; an hour that occurs twice belongs to its first time.
$zones = @(
    @{ Windows = 'W. Europe Standard Time'; Iana = 'Europe/Berlin'; End = '2024-10-27T03:00'; Before = 2; After = 1 }
    @{ Windows = 'Eastern Standard Time'; Iana = 'America/New_York'; End = '2024-11-03T02:00'; Before = -4; After = -5 }
    @{ Windows = 'India Standard Time'; Iana = 'Asia/Kolkata'; End = '2024-10-01T00:00'; Before = 5.5; After = 5.5 }
    @{ Windows = 'AUS Eastern Standard Time'; Iana = 'Australia/Sydney'; End = '2024-10-06T02:00'; Before = 10; After = 11 }
)
foreach ($zone in $zones) {
    foreach ($id in $zone.Windows, $zone.Iana) {
        Check "time zone '$id': each of 120 runs starts at the right instant" {
            $mapping = @{ ProcessCode = 100; MissingSerialNumber = 'X{Id}'; ErrorAction = 'Ignore' }
            $reports = @(Get-VteTestRun -DatabasePath $database -TimeZone $id | ConvertTo-WatsReport @mapping)
            if ($reports.Count -lt 100) { throw "Only $($reports.Count) reports came of 120 runs" }
            foreach ($report in $reports) {
                $hours = $report.Start.DateTime -lt [datetime] $zone.End ? $zone.Before : $zone.After
                Equal "The offset of $($report.Start.DateTime.ToString('s'))" $hours $report.Start.Offset.TotalHours
                Equal 'The start in UTC' $report.Start.UtcDateTime.ToString('s') $report.StartUtc.UtcDateTime.ToString('s')
            }
        }
    }
}

# Each folder has a plant of its own: database, configuration, state, log and files beside one another.
$folders = [ordered] @{
    'with spaces'               = 'a folder  with spaces'
    'with brackets'             = 'br[1]'
    'of other alphabets'        = "$([char]0xC5)lesund $([char]0x6E2C)$([char]0x8A66) $([char]0x3A9)"
    'with signs of shells'      = "100% & (it's) `$x ^1"
    'longer than 260 characters' = "$([string]::new('x', 120))\$([string]::new('y', 120))\long"
}
$seed = 100
foreach ($kind in $folders.Keys) {
    $seed++
    Check "folder ${kind}: database, sync, state, log, reports" {
        $plant = [IO.Path]::Combine($Folder, $folders[$kind])
        $null = [IO.Directory]::CreateDirectory($plant)
        $file = { [IO.Path]::Combine($plant, $args[0]) }
        $database = & $file 'sample.db'
        $oslo = @{ Site = 'Oslo'; ConfigurationPath = & $file 'vtewats.json' }
        [IO.File]::Copy($Configuration, $oslo.ConfigurationPath)
        $null = New-VteSampleDatabase -Path $database -Runs 20 -Seed $seed -Until $until
        $summary = Invoke-VteWatsSync @oslo
        Equal 'The exit code' 0 $summary.ExitCode
        Equal 'The number of uploads' 20 $summary.Uploaded
        Equal 'The number of uploads of a second sync' 0 (Invoke-VteWatsSync @oslo).Uploaded
        foreach ($made in 'state', 'logs') { if (-not [IO.Directory]::GetFiles((& $file $made)).Count) { throw "Nothing is in $made" } }
        $runs = @(Get-VteTestRun @oslo)
        Equal 'The number of runs' 20 $runs.Count
        $reports = & $file 'reports'
        $null = $runs | ConvertTo-WatsReport @oslo | Export-WatsReport -Path $reports
        Equal 'The number of report files' 20 ([IO.Directory]::GetFiles($reports, '*.wsjf').Count)
        Equal 'The number of imported reports' 20 @(Import-WatsReport -Path ([WildcardPattern]::Escape($reports))).Count
        $null = Export-VteTestRun @oslo -Path (& $file 'some.db') -First 5
        Equal 'The number of exported runs' 5 @(Get-VteTestRun -DatabasePath (& $file 'some.db') -TimeZone 'Europe/Oslo').Count
    }
}
'done'
