namespace VteWats.QuickStart;

internal static class Workspace
{
    /// <summary>Writes the configuration of the sample site beside its database; the token is a reference, as in every
    /// configuration.</summary>
    public static string WriteConfiguration(string folder, string baseUrl)
    {
        var path = Path.Combine(folder, "vtewats.json");
        File.WriteAllText(path, $$"""
            {
              "sites": {
                "Oslo": {
                  "connection": { "path": "sample.db", "settleSeconds": 0 },
                  "timeZone": "Europe/Oslo",
                  "timestampIs": "start",
                  "mapping": {
                    "operations": [ { "testplan": "*burn*", "processCode": 90 } ],
                    "defaultProcessCode": 100
                  }
                }
              },
              // The sandbox is on this machine: no need to spare it.
              "wats": { "baseUrl": "{{baseUrl}}", "token": "env:WATS_TOKEN", "requestsPerMinute": 0, "throttleLimit": 8, "proxy": "none" }
            }
            """);
        return path;
    }
}
