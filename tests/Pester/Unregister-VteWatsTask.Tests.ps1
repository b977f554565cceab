#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Unregister-VteWatsTask' {
    BeforeAll { Import-Module (Join-Path $PSScriptRoot 'Support.psm1') -Force }

    It 'tells that a task is not registered, and where to look' {
        $failure = { Unregister-VteWatsTask "VteWats-$(New-Guid)" } | Should -Throw -ErrorId 'VteWats.TaskNotRegistered*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        { Unregister-VteWatsTask "VteWats-$(New-Guid)" -WhatIf } | Should -Not -Throw
    }

    It 'takes no name with a path or an option in it' {
        foreach ($name in '../cron', '/F', '-x') { { Unregister-VteWatsTask -Name $name } | Should -Throw -ErrorId 'ParameterArgumentValidationError*' }
    }
}
