#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Register-VteWatsTask' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
    }
    BeforeEach { $folder = Join-Path $TestDrive "$(New-Guid)" }
    AfterAll { Exit-Plant $plant }

    It 'shows with -WhatIf what it would write' {
        $files = @(Register-VteWatsTask -Site Oslo -OutputFolder $folder -WhatIf)
        $files.Count | Should -BeGreaterThan 0
        $files[0] | Get-DefaultView | Should -Match 'Path\s+Content'
        $folder | Should -Not -Exist
    }

    It 'calls this PowerShell with the script of the module and this configuration' {
        $text = (Register-VteWatsTask -Site Oslo -OutputFolder $folder).Content -join "`n"
        # The dotnet tool runs in dotnet, which cannot run a script: the program beside it can.
        $program = [Environment]::ProcessPath
        if ((Split-Path $program -LeafBase) -eq 'dotnet') { $program = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh') }
        foreach ($part in $program, 'Sync-VteToWats.ps1', $plant.Configuration, '-NonInteractive') { $text | Should -Match ([regex]::Escape($part)) }
        Get-ChildItem $folder | ForEach-Object { Get-Content $_ -Raw } | Join-String -Separator "`n" | Should -Be $text
    }

    It 'calls VteWatsAdapter without the switches of PowerShell' {
        $text = (Register-VteWatsTask -Site Oslo -IntervalMinutes 10 -Program (Join-Path $TestDrive 'VteWatsAdapter') -OutputFolder $folder).Content -join "`n"
        $text | Should -Match 'VteWatsAdapter'
        $text | Should -Not -Match 'NonInteractive'
    }

    It 'takes no interval of no minutes, and no name with a path in it' {
        { Register-VteWatsTask -Site Oslo -IntervalMinutes 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { Register-VteWatsTask -Site Oslo -Name '../cron' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'tries the whole chain first, as the account of the task, and says where that is another one' -Skip:$IsWindows {
        $null = Register-VteWatsTask -Site Oslo -WhatIf -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -Match 'WATS: .*127.0.0.1'
        $null = Register-VteWatsTask -Site Oslo -UserName somebody-else -WhatIf -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -Match 'Test-VteWatsSetup -Site ''Oslo'' as somebody-else'
        "$said" | Should -Not -Match '127.0.0.1'
    }
}
