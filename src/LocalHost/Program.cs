using System.Net.Sockets;
using System.Security.Cryptography;
using LocalHost;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Switchboard;
using Switchboard.Hosting;

if (args is [SettingsCheck.Option])
{
    return await SettingsCheck.RunAsync(Environment.CurrentDirectory, Console.Out, Console.Error);
}

if (CommandLine.Parse(args, out var given) is { } wrong)
{
    await Console.Error.WriteLineAsync(wrong);
    return 2;
}

var url = given;
var hasEndpoints = false;
try
{
    var file = await InTimeAsync(() => LocalSettings.Find(Environment.CurrentDirectory));
    url ??= $"http://127.0.0.1:{file?.Port ?? 7071}";
    var folder = await InTimeAsync(() => LocalSettings.FindFolder(Environment.CurrentDirectory));
    await using var app = LocalHostApp.Build(
        url, file?.Values ?? new Dictionary<string, string?>(), builder => OperatorKey.AddTo(builder, url), new LocalSettingsFolder(folder ?? Environment.CurrentDirectory));
    hasEndpoints = LocalHostApp.HasEndpoints(app.Configuration);
    using var signals = Shell.EndAtSecondSignal();
    var options = app.Settings();
    var isPublic = options.Access.HasApiKey(LocalSettings.SampleKey);
    if (isPublic && url.Split(';').FirstOrDefault(open => !ListenUrl.IsLoopback(open)) is { } asked)
    {
        await Console.Error.WriteLineAsync(PublicKey(asked));
        return 1;
    }

    if (isPublic && LocalNames.NameOfElsewhere(app.Configuration) is { } name)
    {
        await Console.Error.WriteLineAsync(
            $"The sample's API key is public, so with it only this machine may call: set Access__ApiKeys__0 to a key of your own, or take {name} out of AllowedHosts, by which a tunnel or proxy lets others in.");
        return 1;
    }

    if (!await LocalHostApp.StartAsync(app))
    {
        return 0;
    }

    // Settings of Kestrel's own (Kestrel:Endpoints) win over the URL.
    if (isPublic && app.Urls.FirstOrDefault(open => !ListenUrl.IsLoopback(open)) is { } bound)
    {
        await Console.Error.WriteLineAsync(PublicKey(bound));
        return 1;
    }

    Console.WriteLine(Welcome.Text(ListenUrl.ToCall(app.Urls.First()), file, options, app.Services.GetRequiredService<SettingsState>().Loaded, app.Services.GetService<OperatorKey>()));
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
    await Console.Error.WriteLineAsync($"It is not possible to listen on {(hasEndpoints ? "an address of Kestrel:Endpoints" : url)}: {failure.Message}.");
}
catch (IOException failure) when (failure.InnerException is AddressInUseException)
{
    // Its message names the address.
    await Console.Error.WriteLineAsync($"{failure.Message} {InUse(url!, hasEndpoints)}");
}
catch (EndpointException failure)
{
    await Console.Error.WriteLineAsync($"Kestrel:Endpoints cannot be used: {failure.Message}");
}
catch (Exception failure) when (hasEndpoints && failure is CryptographicException or FileNotFoundException or DirectoryNotFoundException)
{
    await Console.Error.WriteLineAsync($"A certificate of Kestrel:Endpoints cannot be used: {failure.Message}");
}
catch (Exception failure) when (failure is SettingsFileException or IOException)
{
    await Console.Error.WriteLineAsync(failure.Message);
}

return 1;

// As with switchboard.json: what never answers is told, and not waited for.
static async Task<T> InTimeAsync<T>(Func<T> look)
{
    try
    {
        return await Task.Run(look).WaitAsync(SettingsState.FileTimeout);
    }
    catch (TimeoutException failure)
    {
        throw new SettingsFileException($"The settings in {Environment.CurrentDirectory} cannot be opened or read in time: a file is a pipe, or its drive does not answer.", failure);
    }
}

// Settings of Kestrel's own win over the URL, so that another one would not help.
static string InUse(string url, bool hasEndpoints) => "Another program listens there, perhaps this one: end it, or listen elsewhere: "
    + (hasEndpoints ? "change Kestrel:Endpoints." : $"--urls {ListenUrl.Beside(url)}, or Host:LocalHttpPort in local.settings.json.");

static string PublicKey(string url) =>
    $"The sample's API key is public, so with it only this machine may call: set Access__ApiKeys__0 to a key of your own, or listen on 127.0.0.1 instead of {url}.";
