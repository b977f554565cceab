#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }
Describe 'Initialize-VteWatsSite' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $database = Join-Path $plant.Folder 'sample.db'
        $answers = @{ timeZone = 'Europe/Oslo'; timestampIs = 'start'; 'rows.sites' = '*'; 'mapping.defaultProcessCode' = 100 }
        function Initialize([string] $Path, [hashtable] $More = @{}) {
            Initialize-VteWatsSite Oslo -ConfigurationPath $Path -DatabasePath $database -BaseUrl $plant.Sandbox.BaseUrl -Proxy none -TokenReference env:VTEWATS_PESTER_TOKEN -WarningAction SilentlyContinue @More
        }
    }

    AfterAll { Exit-Plant $plant }

    It 'emits one object a decision, with evidence, and writes the file' {
        $path = Join-Path $TestDrive 'first/vtewats.json'
        $decisions = Initialize $path
        $decisions.Count | Should -BeGreaterThan 8
        $decisions.Evidence | Should -Not -Contain ''
        ($decisions | Where-Object Certainty -EQ Open).Choices | Should -Not -BeNullOrEmpty
        ($decisions | Where-Object Decision -EQ 'mapping.stepResultCodes').Table.Count | Should -BeGreaterThan 2
        Get-Content $path -Raw | Should -Match '// OPEN timestampIs: '
    }

    It 'makes a file that is in order once the open decisions are answered' {
        $path = Join-Path $TestDrive 'answered/vtewats.json'
        $null = Initialize $path @{ Answer = $answers }
        Test-VteWatsConfiguration -ConfigurationPath $path | Should -BeNullOrEmpty
        (Get-VteWatsConfiguration -ConfigurationPath $path).Sites['Oslo'].Mapping.DefaultProcessCode | Should -Be 100
    }

    It 'tells of a finished configuration only what has changed since' {
        $path = Join-Path $TestDrive 'again/vtewats.json'
        $first = Initialize $path @{ Answer = $answers }
        $rest = @{}
        $first | Where-Object Certainty -EQ Open | ForEach-Object { $rest[$_.Decision] = $_.Choices[0].Value }
        if ($rest.Count) { $null = Initialize $path @{ Answer = $rest } }
        $text = Get-Content $path -Raw
        Initialize $path | Should -BeNullOrEmpty
        Get-Content $path -Raw | Should -BeExactly $text
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'whatif/vtewats.json'
        (Initialize $path @{ WhatIf = $true }).Count | Should -BeGreaterThan 8
        Test-Path $path | Should -BeFalse
    }

    It 'says that a file with other sites is there already' {
        { Initialize-VteWatsSite Bergen -ConfigurationPath $plant.Configuration -DatabasePath $database -BaseUrl $plant.Sandbox.BaseUrl -Proxy none -TokenReference env:VTEWATS_PESTER_TOKEN -ErrorAction Stop } |
            Should -Throw -ErrorId 'VteWats.FileExists,*'
    }
}
