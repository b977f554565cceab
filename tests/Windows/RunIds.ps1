# The ids of all runs of the site, one a line.
param([string] $Configuration)
$ErrorActionPreference = 'Stop'
foreach ($run in Get-VteTestRun -Site Oslo -HeaderOnly -ConfigurationPath $Configuration) { $run.Id.ToString() }
