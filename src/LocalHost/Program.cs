using System.Net.Sockets;
using LocalHost;
using Microsoft.Extensions.Options;
using Switchboard;
using Switchboard.Hosting;

if (CommandLine.Parse(args, out var given) is { } wrong)
{
    await Console.Error.WriteLineAsync(wrong);
    return 2;
}

var url = given;
try
{
    var file = LocalSettings.Find(Environment.CurrentDirectory);
    url ??= $"http://127.0.0.1:{file?.Port ?? 7071}";
    await using var app = LocalHostApp.Build(url, file?.Values ?? new Dictionary<string, string?>());
    var options = app.Settings();
    var isPublic = options.Access.ApiKeys.Contains(LocalSettings.SampleKey);
    if (isPublic && url.Split(';').FirstOrDefault(open => !ListenUrl.IsLoopback(open)) is { } asked)
    {
        await Console.Error.WriteLineAsync(PublicKey(asked));
        return 1;
    }

    await app.StartAsync();
    // Settings of Kestrel's own (Kestrel:Endpoints) win over the URL.
    if (isPublic && app.Urls.FirstOrDefault(open => !ListenUrl.IsLoopback(open)) is { } bound)
    {
        await Console.Error.WriteLineAsync(PublicKey(bound));
        return 1;
    }

    Console.WriteLine(Welcome.Text(ListenUrl.ToCall(app.Urls.First()), file, options));
    await app.WaitForShutdownAsync();
    if (app.Failure() is not { } failure)
    {
        return 0;
    }

    await Console.Error.WriteLineAsync(failure);
}
catch (OptionsValidationException failure)
{
    await Console.Error.WriteLineAsync($"The settings are wrong:{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", failure.Failures)}");
}
catch (SocketException failure)
{
    await Console.Error.WriteLineAsync($"It is not possible to listen on {url}: {failure.Message}.");
}
catch (Exception failure) when (failure is SettingsFileException or IOException)
{
    // An address in use is an IOException that names the address.
    await Console.Error.WriteLineAsync(failure.Message);
}

return 1;

static string PublicKey(string url) =>
    $"The sample's API key is public, so with it only this machine may call: set Access__ApiKeys__0 to a key of your own, or listen on 127.0.0.1 instead of {url}.";
