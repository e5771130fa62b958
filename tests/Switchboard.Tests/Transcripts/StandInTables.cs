using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Tests.Transcripts;

/// <summary>
/// A table service on loopback over TLS that lets in who has a token, and holds one call. Azurite takes tokens, too, but only under a
/// certificate of its own on the disk, and checks none.
/// </summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/query-entities</remarks>
internal sealed class StandInTables : IAsyncDisposable
{
    public const string Host = "stand-in.table.core.windows.net";

    private static readonly X509Certificate2 Certificate = StandInCertificate.For(Host);

    private readonly ConcurrentQueue<string> _requests = new();
    private WebApplication _app = null!;

    public static string CertificatePem => Certificate.ExportCertificatePem();

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>What was asked with the token: method and path.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<StandInTables> StartAsync()
    {
        var tables = new StandInTables();
        tables._app = await Loopback.StartAsync(app => app.Run(tables.AnswerAsync), Certificate);
        return tables;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {StandInVault.Token}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate =
                "Bearer authorization_uri=https://login.microsoftonline.com/72f988bf-0000-0000-0000-2d7cd011db47/oauth2/authorize resource_id=https://storage.azure.com";
            return Task.CompletedTask;
        }

        _requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        context.Response.ContentType = "application/json;odata=minimalmetadata";
        return context.Response.WriteAsync("""
            {"odata.metadata":"https://stand-in.table.core.windows.net/$metadata#TranscriptsDays","value":[{"odata.etag":"W/\"1\"","PartitionKey":"2026-11-24","RowKey":"1-call-1",
            "InstanceId":"call-1","StartedAt@odata.type":"Edm.DateTime","StartedAt":"2026-11-24T20:00:00Z","LastTurnAt@odata.type":"Edm.DateTime","LastTurnAt":"2026-11-24T20:00:00Z",
            "Turns":3,"Outcome":"completed","Revision":3,"ActionLines":"n3 hangup"}]}
            """, context.RequestAborted);
    }
}
