<#
    Says in one line and by its exit code how the sites are, for monitoring systems that run programs (Nagios, Icinga, Zabbix, PRTG):

        pwsh -NoProfile -NonInteractive -File Test-VteWatsHealth.ps1 -Site Oslo
        VteWatsAdapter Test-VteWatsHealth.ps1 -Site *

    All configured sites without -Site. A line for each reason follows, with what to do. Exit codes, as these systems read them:

        0    Healthy      1    Degraded      2    Unhealthy      3    it could not be judged: no configuration, no such site
#>
[CmdletBinding()]
param(
    [string] $Site,
    [string] $StateFolder,
    [string] $ConfigurationPath
)

$ErrorActionPreference = 'Stop'
try {
    if (-not (Get-Command -Name Get-VteWatsHealth -ErrorAction Ignore)) { Import-Module -Name VteWats }
    $with = @{}
    foreach ($name in 'Site', 'StateFolder', 'ConfigurationPath') { if ($PSBoundParameters[$name]) { $with[$name] = $PSBoundParameters[$name] } }
    $all = @(Get-VteWatsHealth @with)
    $worst = @($all | Sort-Object -Property { [int] $_.State } -Descending)[0]
    $counts = ($all | Group-Object State | ForEach-Object { '{0} {1}' -f $_.Count, $_.Name.ToLowerInvariant() }) -join ', '
    # Behind the bar is what graphs are made of.
    $graphs = ($all | ForEach-Object { "'{0} lag'={1:0}s" -f $_.Site, $_.Lag.TotalSeconds }) -join ' '
    "VteWats $($worst.State.ToString().ToUpperInvariant()): $counts | $graphs"
    foreach ($one in $all) {
        foreach ($reason in $one.Reasons) { '{0}: {1} {2}: {3} {4}' -f $one.Site, $reason.State, $reason.Condition, $reason.Message, $reason.Advice }
    }
    $code = [int] $worst.State
}
catch {
    "VteWats UNKNOWN: $($_.FullyQualifiedErrorId.Split(',')[0]): $_ $($_.ErrorDetails.RecommendedAction)"
    $code = 3
}
exit $code
