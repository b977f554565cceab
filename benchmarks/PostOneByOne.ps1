# The obvious script: each report, a line of the file, is posted when the one before it has been answered, over a client of its own, and the
# answer is read as text. What Invoke-RestMethod does for a script, done with what every host has.
param([string] $Url, [string] $Token, [string] $File)
$ErrorActionPreference = 'Stop'

function Send-Report([string] $Body) {
    $client = [System.Net.Http.HttpClient]::new()
    try {
        $client.DefaultRequestHeaders.Authorization = [System.Net.Http.Headers.AuthenticationHeaderValue]::new('Basic', $Token)
        $content = [System.Net.Http.StringContent]::new($Body, [System.Text.Encoding]::UTF8, 'application/json')
        $answer = $client.PostAsync("$Url/api/Report/WSJF", $content).GetAwaiter().GetResult()
        $text = $answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()
        if (-not $answer.IsSuccessStatusCode) { throw "WATS answered $([int] $answer.StatusCode): $text" }
        $text
    }
    finally { $client.Dispose() }
}

$bodies = [System.IO.File]::ReadAllLines($File)
foreach ($body in $bodies[0..199]) { $null = Send-Report $body }   # warm up
$watch = [System.Diagnostics.Stopwatch]::StartNew()
foreach ($body in $bodies) { $null = Send-Report $body }
($bodies.Count / $watch.Elapsed.TotalSeconds).ToString([cultureinfo]::InvariantCulture)
