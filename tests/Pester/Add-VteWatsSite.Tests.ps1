#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }
Describe 'Add-VteWatsSite' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive -Sandbox
        $database = Join-Path $plant.Folder 'bergen.db'
        $null = New-VteSampleDatabase -Path $database -Runs 300 -Seed 6 -Until 2025-03-01
        $answers = @{ timeZone = 'Europe/Oslo'; timestampIs = 'start'; 'rows.sites' = '*'; 'mapping.defaultProcessCode' = 100 }
    }

    BeforeEach {
        $path = Join-Path $plant.Folder 'two.json'
        "// of the plant`n" + ((Get-Content $plant.Configuration -Raw).TrimEnd() -replace '^\{', "{ // ours`n") | Set-Content $path
    }

    AfterAll { Exit-Plant $plant }

    It 'keeps what is there, comments too, and adds a site that is in order' {
        $null = Add-VteWatsSite Bergen -ConfigurationPath $path -DatabasePath $database -Answer $answers -WarningAction SilentlyContinue
        Get-Content $path -Raw | Should -Match '(?s)// of the plant.*// ours'
        Test-VteWatsConfiguration -ConfigurationPath $path | Should -BeNullOrEmpty
        (Get-VteWatsConfiguration -ConfigurationPath $path).Sites.Keys | Sort-Object | Should -Be 'Bergen', 'Oslo'
    }

    It 'lets a site with open decisions keep no other from syncing' {
        $null = Add-VteWatsSite Bergen -ConfigurationPath $path -DatabasePath $database -WarningAction SilentlyContinue
        $summaries = Invoke-VteWatsSync -ConfigurationPath $path -Site * -InitialSince 2000-01-01 -ErrorAction SilentlyContinue -ErrorVariable failed
        ($summaries | Where-Object Site -EQ Oslo).Uploaded | Should -BeGreaterThan 50
        ($summaries | Where-Object Site -EQ Bergen).Error.Message | Should -Match 'timestampIs'
        $failed.FullyQualifiedErrorId | Should -BeLike 'VteWats.ConfigurationInvalid,*'
    }

    It 'refuses a name that is taken, and writes nothing with -WhatIf' {
        { Add-VteWatsSite Oslo -ConfigurationPath $path -DatabasePath $database -ErrorAction Stop } | Should -Throw -ErrorId 'VteWats.InvalidArgument,*'
        $text = Get-Content $path -Raw
        $null = Add-VteWatsSite Bergen -ConfigurationPath $path -DatabasePath $database -WhatIf -WarningAction SilentlyContinue
        Get-Content $path -Raw | Should -BeExactly $text
    }
}
