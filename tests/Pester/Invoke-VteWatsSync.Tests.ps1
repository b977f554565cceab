#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Invoke-VteWatsSync' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force
        Import-Module (Get-ModuleManifest) -Force
        $plant = Enter-Plant $TestDrive -Sandbox
    }

    AfterAll { Exit-Plant $plant }

    It 'changes nothing with -WhatIf' {
        $summary = Invoke-VteWatsSync -Site Oslo -InitialSince 2000-01-01 -WhatIf -ErrorAction SilentlyContinue
        $summary.Uploaded | Should -Be 0
        Find-WatsReport | Should -BeNullOrEmpty
        Get-ChildItem (Join-Path $TestDrive 'state') -Recurse -File -ErrorAction Ignore | Where-Object Name -Match 'watermark' | Should -BeNullOrEmpty
    }

    It 'refuses the whole history by accident' {
        $summary = Invoke-VteWatsSync -Site Oslo -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'VteWats.*'
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'InitialSince|initialSince'
        $summary.ExitCode | Should -Not -Be 0
    }

    It 'sends everything, and nothing the second time' {
        $first = Invoke-VteWatsSync -Site Oslo -InitialSince 2000-01-01 -ErrorAction SilentlyContinue
        $first.Uploaded + $first.DeadLetters | Should -Be 100
        (Invoke-VteWatsSync -Site Oslo -ErrorAction SilentlyContinue).Uploaded | Should -Be 0
    }

    It 'sends a period again with -Force and leaves the watermark alone' {
        $mark = (Get-VteWatermark -Site Oslo).Timestamp
        (Invoke-VteWatsSync -Site Oslo -Since 2000-01-01 -Force -ErrorAction SilentlyContinue).Uploaded | Should -BeGreaterThan 50
        (Get-VteWatermark -Site Oslo).Timestamp | Should -Be $mark
    }
}
