# The task of a site for the Task Scheduler: what -WhatIf shows, and whether its command line does what it says.
param([string] $Configuration, [string] $Folder)
$ErrorActionPreference = 'Stop'
. ([IO.Path]::Combine($PSScriptRoot, 'Checks.ps1'))

$adapter = [Environment]::ProcessPath
$task = @{ Site = 'Oslo'; ConfigurationPath = $Configuration; IntervalMinutes = 7 }

Check 'task: -WhatIf shows the XML and writes nothing' {
    $files = @(Register-VteWatsTask @task -OutputFolder $Folder -WhatIf)
    Equal 'The number of files' 1 $files.Count
    Equal 'The path of the file' ([IO.Path]::Combine($Folder, 'VteWats-Sync.xml')) $files[0].Path
    if ([IO.Directory]::Exists($Folder)) { throw "$Folder was made" }
    $xml = [xml] $files[0].Content
    Equal 'The interval' 'PT7M' $xml.Task.Triggers.TimeTrigger.Repetition.Interval
    Equal 'The program' $adapter $xml.Task.Actions.Exec.Command
    Equal 'The account' 'S-1-5-18' $xml.Task.Principals.Principal.UserId
}

Check 'task: where the Task Scheduler has none of that name, -WhatIf shows the same' {
    $named = @(Register-VteWatsTask @task -OutputFolder $Folder -WhatIf)[0].Content -replace '(?<=<StartBoundary>)[^<]*'
    $asked = @(Register-VteWatsTask @task -WhatIf)[0].Content -replace '(?<=<StartBoundary>)[^<]*'
    Equal 'The XML' $named $asked
}

Check 'task: its program with its arguments, as the Task Scheduler starts it, syncs the site' {
    $exec = ([xml] @(Register-VteWatsTask @task -OutputFolder $Folder -WhatIf)[0].Content).Task.Actions.Exec
    $start = [Diagnostics.ProcessStartInfo]::new($exec.Command, $exec.Arguments)
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    $said = $process.StandardOutput.ReadToEndAsync()
    $complained = $process.StandardError.ReadToEndAsync()
    if (-not $process.WaitForExit(600000)) { $process.Kill(); throw 'It did not end in ten minutes' }
    Equal "The exit code ($($complained.Result))" 0 $process.ExitCode
    if ($said.Result -notmatch 'Oslo: Completed\. 20 uploaded') { throw "It said: $($said.Result)" }
}
Check 'task: the scheduler takes it, takes it again, gives it back once and no more' {
    $null = Register-VteWatsTask @task
    $null = Register-VteWatsTask @task
    Unregister-VteWatsTask
    try { Unregister-VteWatsTask } catch { $id = $_.FullyQualifiedErrorId }
    Equal 'The error' 'VteWats.TaskNotRegistered' ("$id" -replace ',.*')
}
'done'
