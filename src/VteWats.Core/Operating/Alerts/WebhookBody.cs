using System.Text.Json.Nodes;

namespace VteWats.Core.Operating.Alerts;

/// <summary>An alert in the form that a receiver takes.</summary>
internal static class WebhookBody
{
    // Slack takes 50 blocks, Teams 28 kB.
    private const int MostGroups = 12;
    private const int SlackTitle = 150, Paragraph = 1500;

    public static string Of(AlertMessage message, string format, string id) => format switch
    {
        WebhookOptions.Slack => Slack(message).ToJsonString(),
        WebhookOptions.Teams => Teams(message).ToJsonString(),
        _ => Plain(message, id).ToJsonString(),
    };

    private static JsonObject Plain(AlertMessage message, string id)
    {
        var json = JsonNode.Parse(message.ToJson())!.AsObject();
        json["id"] = id;
        json["text"] = message.Text();
        return json;
    }

    private static JsonObject Slack(AlertMessage message)
    {
        var blocks = new JsonArray(new JsonObject
        {
            ["type"] = "header",
            ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Cut(message.Title, SlackTitle) },
        });
        foreach (var (where, text) in Paragraphs(message)) blocks.Add(new JsonObject
        {
            ["type"] = "section",
            ["text"] = new JsonObject { ["type"] = "mrkdwn", ["text"] = $"*{Escape(where)}*\n{Escape(text)}" },
        });
        return new JsonObject { ["text"] = message.Title, ["blocks"] = blocks };

        // Else a text from outside could mention people, or hide a link.
        static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
    }

    private static JsonObject Teams(AlertMessage message)
    {
        var body = new JsonArray(Block(message.Title, weight: "Bolder", size: "Medium"));
        foreach (var (where, text) in Paragraphs(message))
        {
            body.Add(Block(where, weight: "Bolder"));
            foreach (var line in text.Split('\n')) body.Add(Block(line));
        }
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json", ["type"] = "AdaptiveCard", ["version"] = "1.2",
                    ["body"] = body,
                },
            }),
        };

        static JsonObject Block(string text, string? weight = null, string? size = null)
        {
            var block = new JsonObject { ["type"] = "TextBlock", ["text"] = Escape(text), ["wrap"] = true };
            if (weight is not null) block["weight"] = weight;
            if (size is not null) block["size"] = size;
            return block;
        }

        // A card reads Markdown: no text from outside may become a link.
        static string Escape(string text) =>
            text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
    }

    private static IEnumerable<(string Where, string Text)> Paragraphs(AlertMessage message)
    {
        var groups = message.Groups().ToList();
        foreach (var (where, first) in groups.Take(MostGroups))
        {
            var advice = message.Kind is AlertKind.Alert or AlertKind.Reminder ? $"\nWhat to do: {first.Advice}" : "";
            yield return (Cut(where, Paragraph), Cut(first.Message, Paragraph) + Cut(advice, Paragraph));
        }
        if (groups.Count > MostGroups) yield return ("…", $"and {groups.Count - MostGroups} more. Get-VteWatsAlert lists all.");
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
