using System.CommandLine;

namespace Caller.Commands;

/// <summary>An option that names a file to write; a folder that is not there is found out before the work, not after it.</summary>
internal static class OutputFile
{
    public static Option<FileInfo> Option(string name, string description)
    {
        var option = new Option<FileInfo>(name) { Description = description, HelpName = "file" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo>() is not { Directory.Exists: true } file)
            {
                result.AddError($"{name}: the folder of '{result.GetValueOrDefault<FileInfo>()}' does not exist.");
            }
            else if (Directory.Exists(file.FullName))
            {
                result.AddError($"{name}: '{file}' is a folder.");
            }
        });
        return option;
    }
}
