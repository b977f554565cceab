#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-VteWatsState' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $file = Join-Path $plant.State 'state.db'

        # Bits that turn over on the disk: the same number of other bytes.
        function Edit-State([string] $From, [string] $To) {
            $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file))
            $text.Contains($From) | Should -BeTrue
            [IO.File]::WriteAllBytes($file, [Text.Encoding]::Latin1.GetBytes($text.Replace($From, $To)))
        }

        function Assert-Unsound([string] $Finding, [string] $Advice) {
            $report = Test-VteWatsState
            $report | Should -HaveCount 1
            $report.IsSound | Should -BeFalse
            "$($report.Findings)" | Should -Match $Finding
            $report.Advice | Should -Match $Advice
            $report.Path | Should -Be $file
        }
    }
    BeforeEach { Reset-Plant $plant; $null = Sync-Plant }
    AfterAll { Exit-Plant $plant }

    It 'finds a good state sound, and tells what is in it' {
        $report = Test-VteWatsState
        $report.IsSound, $report.Path, $report.Bytes | Should -Be $true, $file, (Get-Item $file).Length
        $report.Findings | Should -BeNullOrEmpty
        $report.Advice | Should -BeNullOrEmpty
        $report.Sites | Should -Be 'Oslo'
        $report.DeadLetters | Should -Be @(Get-VteDeadLetter).Count
        $report.LedgerRuns | Should -Be $plant.Runs
        (Invoke-VteWatsSync -Site Oslo).Uploaded | Should -Be 0
    }

    It 'warns where there is no state yet, and makes none' {
        $empty = Join-Path $TestDrive 'empty'
        Test-VteWatsState -StateFolder $empty -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warned" | Should -Match 'nothing was synced'
        Test-Path $empty | Should -BeFalse
    }

    It 'takes a folder, and needs no configuration for it' {
        $environment = @{ VTEWATS_CONFIG = Join-Path $TestDrive 'no such.json' }
        (Invoke-PowerShell '-Command', "(Test-VteWatsState -StateFolder '$($plant.State)').IsSound" $environment).Output | Should -Match '^True\s*$'
    }

    It 'finds a damaged dead letter' {
        $id = "$((Get-VteDeadLetter)[0].RunId)"
        Edit-State $id ('x' + $id.Substring(1))
        Assert-Unsound '1 dead letters? (is|are) damaged' 'Test-VteWatsState|Get-VteDeadLetter'
    }

    It 'finds a database whose pages are damaged' {
        $bytes = [IO.File]::ReadAllBytes($file)
        for ($i = 4096; $i -lt $bytes.Length; $i++) { $bytes[$i] = 0x5a }
        [IO.File]::WriteAllBytes($file, $bytes)
        Assert-Unsound 'damaged|malformed|Tree|disk image' 'Set-VteWatermark -FromFile'
    }

    It 'finds a file that is no database' {
        Set-Content $file ('no database ' * 1000)
        Assert-Unsound 'is damaged' 'Set-VteWatermark -FromFile'
    }

    It 'finds a database that another program made' {
        Copy-Item (Join-Path $plant.Folder 'sample.db') $file
        Assert-Unsound 'does not hold the state of VteWats' 'state folder of its own'
    }

    It 'finds that the database was removed, as long as the copy of a watermark is there' {
        Remove-Item $file
        Assert-Unsound 'knows nothing of .Oslo.' 'Set-VteWatermark -Site Oslo -FromFile'
        Test-Path $file | Should -BeFalse
    }

    It 'says sound again after the way that its advice shows' {
        Set-Content $file ('no database ' * 1000)
        Move-Item $file "$file.bad"
        Set-VteWatermark -Site Oslo -FromFile (Join-Path $plant.State 'oslo.watermark.json') -Reason 'the disk was bad'
        (Test-VteWatsState).IsSound | Should -BeTrue
        $null = Invoke-VteWatsSync -Site Oslo -ErrorAction Ignore
        (Get-SandboxCount $plant).posts | Should -Be (Get-SandboxCount $plant).reports -Because 'nothing was sent twice'
    }

    It 'shows a table and a list' {
        Test-VteWatsState | Format-Table | Out-String -Width 250 | Should -Match 'Path\s+Sound\s+Findings\s+What to do'
        Test-VteWatsState | Format-List | Out-String | Should -Match 'Runs in the ledger : 100'
    }

    It 'needs a configuration where no folder is given' {
        { Test-VteWatsState -ConfigurationPath (Join-Path $TestDrive 'no such.json') } | Should -Throw -ErrorId 'VteWats.Configuration*'
        { Test-VteWatsState -StateFolder '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}
