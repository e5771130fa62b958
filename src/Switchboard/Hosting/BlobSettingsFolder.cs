using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Hosting;

/// <summary>
/// A folder of a storage account: <c>switchboard.json</c> as a blob, and the texts that it names beside it. Only where it is configured is this type touched, and with it an
/// assembly of Azure loaded.
/// </summary>
/// <remarks>https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory</remarks>
internal sealed class BlobSettingsFolder : SettingsFolder
{
    private readonly BlobContainerClient _container;
    private readonly string _folder;
    private readonly string _file;

    public BlobSettingsFolder(SettingsOptions options)
    {
        // The library knows accounts whose name stands in the host, and Azurite's, whose name stands in the path.
        var blob = new BlobUriBuilder(options.BlobUri!);
        var path = blob.BlobName;
        var isFile = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        _file = isFile ? path[(path.LastIndexOf('/') + 1)..] : FileName;
        _folder = isFile ? path[..^_file.Length] : path.Length == 0 || path.EndsWith('/') ? path : $"{path}/";
        blob.BlobName = "";
        var container = blob.ToUri();
        _container = options.BlobUri!.Query.Length > 0
            ? new BlobContainerClient(container, ClientOptions())
            : new BlobContainerClient(container, AppIdentity.Credential(options.ClientId), ClientOptions());
        FilePath = $"{container.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{_folder}{_file}";
    }

    /// <remarks>Without the query, which may be a signature.</remarks>
    public override string FilePath { get; }

    public override async ValueTask<string> StampAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var stamps = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                stamps.Add($"{path} {(await Blob(path).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag}");
            }
            catch (Exception failure) when (IsMissing(failure))
            {
                stamps.Add($"{path} -");
            }
            catch (Exception failure) when (IsOutage(failure))
            {
                throw Unreachable(failure);
            }
        }

        return string.Join('\n', stamps);
    }

    protected override async ValueTask<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Blob(path).DownloadStreamingAsync(cancellationToken: cancellationToken);
            await using var content = answer.Value.Content;
            // One more, so that what is too large is seen.
            var bytes = new byte[maxBytes + 1];
            var count = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return count <= maxBytes ? bytes[..count] : throw new SettingsFileException($"it is larger than {maxBytes / 1024} KiB");
        }
        catch (Exception failure) when (IsMissing(failure))
        {
            return null;
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            throw Unreachable(failure);
        }
    }

    private BlobClient Blob(string path) => _container.GetBlobClient($"{_folder}{(path == FileName ? _file : path)}");

    // Who looks has the next look.
    private static BlobClientOptions ClientOptions() => new()
    {
        Retry = { NetworkTimeout = AppIdentity.NetworkTimeout },
        RetryPolicy = new RetryPolicy(maxRetries: 1),
    };

    private static bool IsMissing(Exception failure) => failure is RequestFailedException { Status: 404, ErrorCode: "BlobNotFound" or "ContainerNotFound" };

    private static bool IsOutage(Exception failure) => failure switch
    {
        AggregateException several => several.InnerExceptions.All(IsOutage),
        _ => failure is RequestFailedException or AuthenticationFailedException or HttpRequestException or IOException or OperationCanceledException,
    };

    private static SettingsOutageException Unreachable(Exception failure) => new(Reason(failure), failure);

    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes</remarks>
    private static string Reason(Exception failure) => failure switch
    {
        AggregateException { InnerExceptions: [.., var last] } => Reason(last),
        CredentialUnavailableException => "this app has no identity to read it with: assign a managed identity, or sign in to the Azure tools on a developer's machine",
        AuthenticationFailedException => "this app's identity got no token: check that the managed identity is assigned, and Settings:ClientId",
        RequestFailedException { Status: 403 } => "the storage account answered 403: give this app's identity the role Storage Blob Data Reader, and allow its network",
        RequestFailedException { Status: 401 } => "the storage account answered 401: it does not trust the tenant that this app's identity belongs to",
        RequestFailedException { Status: > 0 } answer => $"the storage account answered {answer.Status}",
        OperationCanceledException => "the storage account did not answer in time",
        _ => $"the storage account cannot be reached: {FailureText.Describe(failure)}",
    };
}

/// <summary>What holds the settings cannot be read now; the message says why. What was read before stays.</summary>
internal sealed class SettingsOutageException(string message, Exception? cause = null) : Exception(message, cause);
