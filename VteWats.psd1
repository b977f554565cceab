@{
    RootModule           = 'bin/net8.0/VteWats.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5d1f3f0c-8a0e-4b3e-9a0e-6f2f9c9a7b51'
    Author               = 'The VteWats authors'
    CompanyName          = 'VteWats'
    Copyright            = '(c) The VteWats authors. MIT license.'
    Description          = 'Reads test runs from the Keysight VTE database and uploads them to Virinco WATS, with no run lost and none twice.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('Formats/Vte.Format.ps1xml', 'Formats/Wats.Format.ps1xml', 'Formats/Sync.Format.ps1xml', 'Formats/Operating.Format.ps1xml', 'Formats/Configuration.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-VteDeadLetter',
        'Add-VteWatsSite',
        'Compare-VteMapping',
        'Compare-VteWatsSync',
        'Compare-WatsReport',
        'ConvertTo-WatsReport',
        'Export-VteTestRun',
        'Export-VteWatsDiagnostic',
        'Export-VteWatsEvidence',
        'Export-WatsReport',
        'Find-WatsReport',
        'Get-VteDeadLetter',
        'Get-VteHeldRun',
        'Get-VteSchema',
        'Get-VteTestRun',
        'Get-VteWatermark',
        'Get-VteWatsAlert',
        'Get-VteWatsConfiguration',
        'Get-VteWatsHealth',
        'Get-VteWatsLog',
        'Get-VteWatsStatus',
        'Get-WatsProcess',
        'Get-WatsReport',
        'Import-WatsReport',
        'Initialize-VteWatsSite',
        'Invoke-VteWatsSync',
        'Measure-VteTestRun',
        'New-VteSampleDatabase',
        'New-VteWatsConfiguration',
        'Register-VteWatsTask',
        'Remove-VteDeadLetter',
        'Reset-VteWatermark',
        'Resume-VteTestRun',
        'Resume-VteWatsSync',
        'Send-VteDeadLetter',
        'Send-WatsReport',
        'Set-VteWatermark',
        'Show-WatsReport',
        'Start-VteWatsSync',
        'Suspend-VteTestRun',
        'Suspend-VteWatsSync',
        'Test-VteConnection',
        'Test-VteSchema',
        'Test-VteWatsAlert',
        'Test-VteWatsConfiguration',
        'Test-VteWatsSetup',
        'Test-VteWatsState',
        'Test-WatsConnection',
        'Test-WatsReport',
        'Undo-VteWatermark',
        'Unregister-VteWatsTask'
    )
    PrivateData          = @{ PSData = @{ Tags = @('VTE', 'WATS', 'Keysight', 'Virinco', 'test', 'PSEdition_Core') } }
}
