using System.Globalization;
using System.Text.Json.Nodes;

namespace VteWats.WatsSandbox;

/// <summary><c>GET /api/Report/Wsjf/{id}</c>: the report with the nulls and the output-only fields that real exports have.</summary>
internal static class ReportById
{
    private static readonly string[] HeaderNulls = ["processCodeFormat", "productName", "origin", "assetStats", "binaryData",
        "additionalData"];
    private static readonly string[] StepNulls = ["loop", "callExe", "messagePopup", "chart", "attachment", "additionalResults",
        "errorCode", "errorMessage", "reportText", "tsGuid"];

    public static async Task AnswerAsync(Exchange exchange, SandboxServer server, string idText)
    {
        var now = server.Options.Clock.GetUtcNow();
        if (!Guid.TryParse(idText, out var id) || server.Store.Find(id) is not { } report || report.VisibleFrom > now
            || report.Body is null)
        {
            await exchange.WriteJsonAsync(404, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("Message", $"Report {idText} was not found.");
                writer.WriteEndObject();
            }).ConfigureAwait(false);
            return;
        }
        var query = exchange.Context.Request.Query;
        var attachments = !bool.TryParse(query["includeAttachments"], out var withAttachments) || withAttachments;
        var charts = !bool.TryParse(query["includeChartdata"], out var withCharts) || withCharts;
        var detail = int.TryParse(query["detailLevel"], NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : 7;
        var root = JsonNode.Parse(report.Body)!.AsObject();
        Export(root, report, attachments, charts, detail);
        await exchange.WriteJsonAsync(200, writer => root.WriteTo(writer)).ConfigureAwait(false);
    }

    private static void Export(JsonObject root, StoredReport report, bool attachments, bool charts, int detail)
    {
        root["processName"] = report.Header.ProcessName;
        root["start"] = report.Header.Start.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);
        foreach (var name in HeaderNulls) root.TryAdd(name, null);
        if (detail == 0) root.Remove("root");
        if (root["root"] is JsonObject step) Export(step, attachments, charts);
    }

    private static void Export(JsonObject step, bool attachments, bool charts)
    {
        if (!attachments) step.Remove("attachment");
        if (!charts && step["chart"] is JsonObject chart) chart.Remove("series");
        foreach (var name in StepNulls) step.TryAdd(name, null);
        if (step["steps"] is not JsonArray children) return;
        foreach (var child in children.OfType<JsonObject>()) Export(child, attachments, charts);
    }
}
