<#
    Uploads what is new or changed in VTE to WATS, once. For the Windows Task Scheduler, a systemd timer or cron:

        pwsh -NoProfile -NonInteractive -File Sync-VteToWats.ps1 -Site Oslo
        VteWatsAdapter Sync-VteToWats.ps1 -Site Oslo

    -Site takes wildcards: -Site * syncs every configured site, and one that fails does not hold up the others.
    The log file is the one of the configuration (logging.folder). Exit codes:

        0    everything sent, or nothing to do
        10   sent, but some runs are in the dead letters: Get-VteDeadLetter
        20   another sync of the site is at work
        30   the VTE database cannot be read          31   WATS cannot be reached          32   a login or token was refused
        40   the state needs a look: Get-VteWatermark  41   WATS refuses too many reports   50   configuration
        130  stopped
#>
[CmdletBinding()]
param(
    [string] $Site,
    [string] $ConfigurationPath
)

$ErrorActionPreference = 'Continue'
if (-not (Get-Command -Name Invoke-VteWatsSync -ErrorAction Ignore)) { Import-Module -Name VteWats -ErrorAction Stop }

$with = @{}
if ($Site) { $with.Site = $Site }
if ($ConfigurationPath) { $with.ConfigurationPath = $ConfigurationPath }

$exitCode = 0
$ended = $false
try {
    foreach ($summary in @(Invoke-VteWatsSync @with)) {
        '{0}: {1}. {2} uploaded, {3} in WATS already, {4} changed, {5} late, {6} dead letters, {7:0.0} s, exit code {8}' -f
            $summary.Site, $summary.Result, $summary.Uploaded, $summary.AlreadyInWats, $summary.Changed, $summary.Late,
            $summary.DeadLetters, $summary.Duration.TotalSeconds, $summary.ExitCode
        if ($summary.ExitCode -gt $exitCode) { $exitCode = $summary.ExitCode }
    }
    $ended = $true
}
catch {
    # Before any site was begun: configuration, secrets, arguments.
    [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId): $_ $($_.ErrorDetails.RecommendedAction)")
    $exitCode = if ($_.Exception.Error.ExitCode) { $_.Exception.Error.ExitCode } else { 1 }
    $ended = $true
}
finally {
    # Ctrl+C leaves the script here, and pwsh -File would say 0. In a session that only called the script, the session goes on.
    $name = [System.IO.Path]::GetFileName($PSCommandPath)
    if (-not $ended -and @([Environment]::GetCommandLineArgs() -like "*$name").Count) { $Host.SetShouldExit(130) }
}
exit $exitCode
