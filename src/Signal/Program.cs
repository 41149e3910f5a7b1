using Signal.Hosting.CommandLine;

return await Verbs.Root().Parse(args).InvokeAsync();
