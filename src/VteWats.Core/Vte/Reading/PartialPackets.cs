using Microsoft.Data.SqlClient;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// SqlClient 6.1 and 7 come with two ways to take packets from the network. The older one, which they use unless told otherwise, loses its
/// place
/// when a packet arrives in pieces: without encryption, texts of some ten thousand characters then fail or hang at random. The newer one
/// reads them.
/// </summary>
internal static class PartialPackets
{
    private const string OlderWay = "Switch.Microsoft.Data.SqlClient.UseCompatibilityProcessSni";

    private static readonly object Gate = new();
    private static volatile bool s_chosen;

    /// <summary>Opens a connection that takes packets in pieces.</summary>
    public static void OpenForPartialPackets(this SqlConnection connection)
    {
        if (!s_chosen)
        {
            lock (Gate)
            {
                if (!s_chosen)
                {
                    OpenFirst(connection);
                    return;
                }
            }
        }
        connection.Open();
    }

    // SqlClient looks once, when its first packet arrives. Another module has a SqlClient of its own, which is none of our business: so the
    // switch is
    // there for no longer than that. One that somebody has set already is left alone.
    private static void OpenFirst(SqlConnection connection)
    {
        var ours = !AppContext.TryGetSwitch(OlderWay, out _);
        if (ours) AppContext.SetData(OlderWay, "false");
        try
        {
            connection.Open();
            s_chosen = true;
        }
        finally
        {
            if (ours) AppContext.SetData(OlderWay, null);
        }
    }
}
