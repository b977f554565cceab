using System.Security;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.SqlClient;

namespace VteWats.Core.Vte.Reading;

/// <summary>
/// One credential object a login. SqlClient has a pool of connections for each object, not for each login: with an object of its own, every
/// source that is opened would leave its sessions on the server for minutes.
/// </summary>
internal static class SqlLogins
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly Dictionary<(string Connection, string User), (byte[] Password, SqlCredential Credential)> Known = [];

    /// <summary>The credential of a login to a server: the same one as long as its password stays what it is.</summary>
    /// <param name="connectionString">Without user and password.</param>
    /// <param name="user">The login.</param>
    /// <param name="password">Its password. Kept by the credential only, as it keeps it.</param>
    public static SqlCredential Get(string connectionString, string user, string password)
    {
        var mark = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(password));
        lock (Known)
        {
            if (Known.TryGetValue((connectionString, user), out var known) && CryptographicOperations.FixedTimeEquals(known.Password, mark))
                return known.Credential;
            var credential = new SqlCredential(user, Secure(password));
            Known[(connectionString, user)] = (mark, credential);
            return credential;
        }
    }

    private static SecureString Secure(string password)
    {
        var secure = new SecureString();
        foreach (var c in password) secure.AppendChar(c);
        secure.MakeReadOnly();
        return secure;
    }
}
