using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

public class ReadingConnectionTests
{
    [Fact]
    public void The_admins_settings_stay_and_ours_are_added()
    {
        var plain = Settings("Server=plant;Database=VTE9_3");
        Assert.Equal((ApplicationIntent.ReadOnly, VteDatabase.ApplicationName, true, 0), (plain.ApplicationIntent, plain.ApplicationName,
            plain.IntegratedSecurity, plain.ConnectRetryCount));
        Assert.Equal((SqlConnectionEncryptOption.Mandatory, false), (plain.Encrypt, plain.TrustServerCertificate));
        var own = Settings("Server=plant;Database=VTE9_3;Encrypt=False;TrustServerCertificate=True;Application "
            + "Name=Plant;ApplicationIntent=ReadWrite;Connect Timeout=3;ConnectRetryCount=2");
        Assert.Equal((ApplicationIntent.ReadWrite, "Plant", 3, 2), (own.ApplicationIntent, own.ApplicationName, own.ConnectTimeout,
            own.ConnectRetryCount));
        Assert.Equal((SqlConnectionEncryptOption.Optional, true), (own.Encrypt, own.TrustServerCertificate));
    }

    [Fact]
    public void A_password_is_kept_out_of_the_connection_string_and_of_messages()
    {
        var database = VteDatabase.Create(Site("Server=plant;Database=VTE9_3", "reader").ToSource(), "s3cret!");
        Assert.DoesNotContain("s3cret!", database.SqlServerSettings.ConnectionString, StringComparison.Ordinal);
        Assert.False(database.SqlServerSettings.IntegratedSecurity);
        Assert.Equal("plant/VTE9_3", database.Target);
        var failure = Assert.Throws<VteWatsException>(() =>
            VteDatabase.Create(Site("Server=plant;Nonsense s3cret!=1;Password=s3cret!", null).ToSource(), null));
        Assert.Equal(ErrorKind.ConfigurationInvalid, failure.Error);
        Assert.DoesNotContain("s3cret!", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_refuses_is_an_unreachable_server()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var failure = await Fails($"Server=tcp:127.0.0.1,{port};Database=VTE9_3;Connect Timeout=5;User ID=x;Encrypt=False");
        Assert.Equal(ErrorKind.SqlUnreachable, failure.Error);
        Assert.Contains("TCP/IP", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_a_timeout()
    {
        using var silent = new Silent();
        var failure = await Fails(
            $"Server=tcp:127.0.0.1,{silent.Port};Database=VTE9_3;Connect Timeout=1;User ID=x;Encrypt=False;ConnectRetryCount=0");
        Assert.Equal(ErrorKind.SqlTimeout, failure.Error);
    }

    [Fact]
    public async Task Ctrl_C_leaves_a_server_that_never_answers()
    {
        using var silent = new Silent();
        using var stop = new CancellationTokenSource(200);
        var database = VteDatabase.Create(
            Site($"Server=tcp:127.0.0.1,{silent.Port};Database=VTE9_3;Connect Timeout=60;User ID=x;Encrypt=False", null).ToSource(), null);
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.OpenAsync(stop.Token));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));    // far below the timeout of the connection
    }

    [Fact]
    public async Task Work_that_ignores_the_wish_to_stop_is_left_alone_and_cleaned_up_when_it_ends()
    {
        using var ends = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var (asked, abandoned) = (0, 0);
        var late = new TaskCompletionSource<int>();
        var work = BoundedWork.RunAsync(() => { ends.Wait(); return 7; }, () => asked++, () => abandoned++, t => late.SetResult(t.Result),
            stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Equal((1, 1), (asked, abandoned));
        Assert.False(late.Task.IsCompleted);
        ends.Set();
        Assert.Equal(7, await late.Task);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told()
    {
        var failure = await Assert.ThrowsAsync<VteWatsException>(() =>
            TestSource.OpenAsync(ReadingSample.Site(Path.Combine(Path.GetTempPath(), "no-such.db")), null, CancellationToken.None));
        Assert.Equal(ErrorKind.SqlUnreachable, failure.Error);
    }

    public static TheoryData<int, byte, string, string> Known => new()
    {
        { 18456, 14, "Login failed for user 'x'.", "VteWats.SqlLoginFailed" },
        { 18487, 14, "The password of the account has expired.", "VteWats.SqlLoginFailed" },
        { 4060, 11, "Cannot open database \"VTE9_3\" requested by the login.", "VteWats.SqlLoginFailed" },
        { 229, 14, "The SELECT permission was denied on the object 'IndexData'.", "VteWats.SqlLoginFailed" },
        { -2146893019, 20, "The certificate chain was issued by an authority that is not trusted.", "VteWats.SqlCertificateUntrusted" },
        { -2146893022, 20, "The target principal name is incorrect.", "VteWats.SqlCertificateUntrusted" },
        { -2, 11, "Execution Timeout Expired.", "VteWats.SqlTimeout" },
        { 1222, 16, "Lock request time out period exceeded.", "VteWats.SqlTimeout" },
        { 53, 20, "The network path was not found.", "VteWats.SqlUnreachable" },
        { 0, 20, "A severe error occurred on the current command.", "VteWats.SqlUnreachable" },
        { 208, 16, "Invalid object name 'x'.", "VteWats.SqlFailed" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Each_kind_of_failure_has_its_own_id_and_a_fix(int number, byte severity, string message, string id)
    {
        var failure = SqlFailures.From(Error(number, severity, message), "plant/VTE9_3", opening: false);
        Assert.Equal(id, failure.Error.Id);
        Assert.NotEmpty(failure.Advice);
        Assert.Equal("plant/VTE9_3", failure.Target);
    }

    [Fact]
    public void A_certificate_that_the_system_refuses_is_told_as_one()
    {
        var refused = Error(35, 20, "A connection was established, but then an error occurred during the pre-login handshake.",
            new AuthenticationException("The remote certificate was rejected by the provided RemoteCertificateValidationCallback."));
        var failure = SqlFailures.From(refused, "plant", opening: true);
        Assert.Equal(ErrorKind.SqlCertificateUntrusted, failure.Error);
        Assert.Contains("TrustServerCertificate", failure.Advice, StringComparison.Ordinal);
        Assert.Contains("Nothing is weakened", failure.Advice, StringComparison.Ordinal);
        var plain = SqlFailures.From(Error(20, 20, "The instance of SQL Server you attempted to connect to does not support encryption."),
            "plant", opening: true);
        Assert.Equal(ErrorKind.SqlUnreachable, plain.Error);
        Assert.Contains("Encrypt=False", plain.Advice, StringComparison.Ordinal);
        var old = SqlFailures.From(Error(35, 20, "handshake", new AuthenticationException("Authentication failed, see inner exception.")),
            "plant", opening: true);
        Assert.Equal(ErrorKind.SqlUnreachable, old.Error);
        Assert.Contains("TLS 1.2", old.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1205, 13, true)]     // deadlock victim
    [InlineData(1222, 16, true)]
    [InlineData(-2, 11, true)]
    [InlineData(-2, 20, true)]       // a killed session
    [InlineData(0, 20, true)]
    [InlineData(40613, 17, true)]
    [InlineData(10054, 20, true)]
    [InlineData(18456, 14, false)]
    [InlineData(4060, 11, false)]
    [InlineData(208, 16, false)]
    [InlineData(229, 14, false)]
    public void What_passes_by_itself_is_tried_again(int number, byte severity, bool again) =>
        Assert.Equal(again, SqlTransience.IsTransient(Error(number, severity, "text")));

    private static SqlConnectionStringBuilder Settings(string text) =>
        VteDatabase.Create(Site(text, null).ToSource(), null).SqlServerSettings;

    private static async Task<VteWatsException> Fails(string connectionString) =>
        await Assert.ThrowsAsync<VteWatsException>(() => VteDatabase.Create(Site(connectionString, null).ToSource(), null)
        .OpenAsync(CancellationToken.None));

    private static SiteOptions Site(string connectionString, string? user) => new()
    {
        Name = "Oslo", TimeZone = "Europe/Oslo",
        Connection = new ConnectionOptions { ConnectionString = connectionString, UserName = user },
    };

    // SqlClient lets nobody else make its exceptions: the fields are set as its own factory would.
    internal static SqlException Error(int number, byte severity, string message, Exception? inner = null)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Static;
        var make = typeof(SqlError).GetConstructors(Hidden).OrderByDescending(c => c.GetParameters().Length)
            .First(c => c.GetParameters()[0].ParameterType == typeof(int));
        var error = make.Invoke([.. make.GetParameters().Select(p => p.Name switch
        {
            "infoNumber" => number,
            "errorClass" => severity,
            "errorMessage" => message,
            _ => p.HasDefaultValue ? p.DefaultValue : p.ParameterType == typeof(string) ? "" : p.ParameterType.IsValueType
                ? Activator.CreateInstance(p.ParameterType) : null,
        })]);
        var errors = Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        typeof(SqlErrorCollection).GetMethod("Add", Hidden)!.Invoke(errors, [error]);
        var create = typeof(SqlException).GetMethods(Hidden).Where(m => m.Name == "CreateException")
            .OrderByDescending(m => m.GetParameters().Length)
            .First(m => m.GetParameters().Any(p => p.ParameterType == typeof(Exception)));
        return (SqlException)create.Invoke(null, [.. create.GetParameters().Select(p =>
            p.ParameterType == typeof(SqlErrorCollection) ? errors : p.ParameterType == typeof(Exception) ? inner
            : p.ParameterType == typeof(string) ? "" : p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)])!;
    }

    /// <summary>Takes connections and says nothing.</summary>
    private sealed class Silent : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Silent() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();
    }
}

/// <summary>Alone: a connection that another test opens at the same moment sets the same switch for its while.</summary>
[CollectionDefinition(nameof(PacketSwitchTests), DisableParallelization = true)]
[Collection(nameof(PacketSwitchTests))]
public class PacketSwitchTests
{
    [Fact]
    public void The_way_packets_are_read_is_chosen_for_our_SqlClient_and_for_no_other()
    {
        using var connection = new SqlConnection(
            "Server=tcp:127.0.0.1,9;Database=none;User ID=nobody;Password=none;Encrypt=False;Connect Timeout=1;Connect Retry Count=0");
        Assert.Throws<SqlException>(connection.OpenForPartialPackets);
        Assert.False(AppContext.TryGetSwitch("Switch.Microsoft.Data.SqlClient.UseCompatibilityProcessSni", out _));
    }
}
