#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-VteWatsConfiguration' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        $plant = Enter-Plant $TestDrive
        $given = @{ Site = 'Bergen'; TimeZone = 'Europe/Oslo'; TimestampIs = 'start'; ConnectionString = 'Server=vte;Database=VTE9_3;Encrypt=True'; BaseUrl = 'https://plant.wats.example'; DefaultProcessCode = 10 }
    }
    BeforeEach { $path = Join-Path $TestDrive "$(New-Guid).json" }
    AfterAll { Exit-Plant $plant }

    It 'writes a file that the other cmdlets read' {
        $file = New-VteWatsConfiguration $path @given
        $file | Should -BeOfType ([IO.FileInfo])
        (Get-VteWatsConfiguration -ConfigurationPath $file -Site Bergen).Mapping.DefaultProcessCode | Should -Be 10
    }

    It 'refuses a secret in the connection string, and does not repeat it' {
        $secret = $given.Clone()
        $secret.ConnectionString += ';Password=hunter2x'
        $failure = { New-VteWatsConfiguration $path @secret } | Should -Throw -ErrorId 'VteWats.ConfigurationInvalid*' -PassThru
        $failure.Exception, $failure.ErrorDetails | Format-List * -Force | Get-DefaultView | Should -Not -Match 'hunter2x'
        $path | Should -Not -Exist
    }

    It 'replaces a file only with -Force, and writes nothing with -WhatIf' {
        New-VteWatsConfiguration $path @given -WhatIf
        $path | Should -Not -Exist
        Set-Content $path 'mine'
        { New-VteWatsConfiguration $path @given } | Should -Throw -ErrorId 'VteWats.FileExists*'
        Get-Content $path | Should -Be 'mine'
        New-VteWatsConfiguration $path @given -Force | Should -Not -BeNullOrEmpty
    }

    It 'takes one kind of database' {
        { New-VteWatsConfiguration $path @given -DatabasePath a.db } | Should -Throw -ErrorId 'AmbiguousParameterSet*'
    }
}
