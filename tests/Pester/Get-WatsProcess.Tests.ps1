#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-WatsProcess' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }

    AfterAll { Exit-Plant $plant }

    It 'lists the active test operations' {
        (Get-WatsProcess).Code | Should -Contain 100
    }

    It 'lists all with -All' {
        @(Get-WatsProcess -All).Count | Should -BeGreaterThan @(Get-WatsProcess).Count
    }

    It 'is refused without the right token' {
        { Get-WatsProcess -BaseUrl $plant.Sandbox.BaseUrl -Token (ConvertTo-SecureString 'wrong' -AsPlainText -Force) } | Should -Throw -ErrorId 'VteWats.WatsUnauthorized*'
    }
}
