/** The built-in providers, in the order `webhook providers` shows them. To add one: its file in `catalogue/`, and a line here. */
import adyen from './catalogue/adyen.js';
import adyenPlatform from './catalogue/adyen-platform.js';
import aftership from './catalogue/aftership.js';
import asana from './catalogue/asana.js';
import auth0 from './catalogue/auth0.js';
import bigcommerce from './catalogue/bigcommerce.js';
import bitbucket from './catalogue/bitbucket.js';
import box from './catalogue/box.js';
import buildkite from './catalogue/buildkite.js';
import calCom from './catalogue/cal-com.js';
import calendly from './catalogue/calendly.js';
import chargebee from './catalogue/chargebee.js';
import circleci from './catalogue/circleci.js';
import clerk from './catalogue/clerk.js';
import cloudinary from './catalogue/cloudinary.js';
import cloudprinter from './catalogue/cloudprinter.js';
import coinbaseCommerce from './catalogue/coinbase-commerce.js';
import connect2print from './catalogue/connect2print.js';
import contentful from './catalogue/contentful.js';
import courier from './catalogue/courier.js';
import customerIo from './catalogue/customer-io.js';
import discord from './catalogue/discord.js';
import docusign from './catalogue/docusign.js';
import dropbox from './catalogue/dropbox.js';
import easypost from './catalogue/easypost.js';
import elevenlabs from './catalogue/elevenlabs.js';
import figma from './catalogue/figma.js';
import fireflies from './catalogue/fireflies.js';
import flutterwave from './catalogue/flutterwave.js';
import fourthwall from './catalogue/fourthwall.js';
import gelato from './catalogue/gelato.js';
import gemini from './catalogue/gemini.js';
import github from './catalogue/github.js';
import gitlab from './catalogue/gitlab.js';
import gocardless from './catalogue/gocardless.js';
import heroku from './catalogue/heroku.js';
import hubspot from './catalogue/hubspot.js';
import instagram from './catalogue/instagram.js';
import intercom from './catalogue/intercom.js';
import jira from './catalogue/jira.js';
import knock from './catalogue/knock.js';
import launchdarkly from './catalogue/launchdarkly.js';
import lemonsqueezy from './catalogue/lemonsqueezy.js';
import linear from './catalogue/linear.js';
import lithic from './catalogue/lithic.js';
import liveblocks from './catalogue/liveblocks.js';
import lob from './catalogue/lob.js';
import mailgun from './catalogue/mailgun.js';
import mandrill from './catalogue/mandrill.js';
import messagebird from './catalogue/messagebird.js';
import meta from './catalogue/meta.js';
import mollie from './catalogue/mollie.js';
import mongodbAtlas from './catalogue/mongodb-atlas.js';
import mux from './catalogue/mux.js';
import netlify from './catalogue/netlify.js';
import notion from './catalogue/notion.js';
import nowtoprint from './catalogue/nowtoprint.js';
import okta from './catalogue/okta.js';
import openai from './catalogue/openai.js';
import paddle from './catalogue/paddle.js';
import paddleClassic from './catalogue/paddle-classic.js';
import pagerduty from './catalogue/pagerduty.js';
import paypal from './catalogue/paypal.js';
import paystack from './catalogue/paystack.js';
import picqer from './catalogue/picqer.js';
import plaid from './catalogue/plaid.js';
import plivo from './catalogue/plivo.js';
import polar from './catalogue/polar.js';
import postmark from './catalogue/postmark.js';
import printapi from './catalogue/printapi.js';
import printeddirect from './catalogue/printeddirect.js';
import printful from './catalogue/printful.js';
import printify from './catalogue/printify.js';
import printnode from './catalogue/printnode.js';
import printone from './catalogue/printone.js';
import prodigi from './catalogue/prodigi.js';
import pusher from './catalogue/pusher.js';
import quickbooks from './catalogue/quickbooks.js';
import razorpay from './catalogue/razorpay.js';
import recharge from './catalogue/recharge.js';
import render from './catalogue/render.js';
import replicate from './catalogue/replicate.js';
import resend from './catalogue/resend.js';
import sanity from './catalogue/sanity.js';
import segment from './catalogue/segment.js';
import sendgrid from './catalogue/sendgrid.js';
import sentry from './catalogue/sentry.js';
import shipbob from './catalogue/shipbob.js';
import shiphero from './catalogue/shiphero.js';
import shopify from './catalogue/shopify.js';
import slack from './catalogue/slack.js';
import sns from './catalogue/sns.js';
import square from './catalogue/square.js';
import standardWebhooks from './catalogue/standard-webhooks.js';
import stripe from './catalogue/stripe.js';
import supabase from './catalogue/supabase.js';
import svix from './catalogue/svix.js';
import tally from './catalogue/tally.js';
import telnyx from './catalogue/telnyx.js';
import terraform from './catalogue/terraform.js';
import tiktok from './catalogue/tiktok.js';
import trello from './catalogue/trello.js';
import twilio from './catalogue/twilio.js';
import twitch from './catalogue/twitch.js';
import typeform from './catalogue/typeform.js';
import vercel from './catalogue/vercel.js';
import webex from './catalogue/webex.js';
import whatsapp from './catalogue/whatsapp.js';
import whcc from './catalogue/whcc.js';
import woocommerce from './catalogue/woocommerce.js';
import workos from './catalogue/workos.js';
import xero from './catalogue/xero.js';
import zendesk from './catalogue/zendesk.js';
import zoom from './catalogue/zoom.js';
import type { Provider } from './model.js';

export const builtinProviders: readonly Provider[] = [
  // The two it was first made for: an event that several have is theirs where nothing says whose.
  connect2print,
  printone,
  // Print
  cloudprinter,
  fourthwall,
  gelato,
  lob,
  nowtoprint,
  picqer,
  printapi,
  printeddirect,
  printful,
  printify,
  printnode,
  prodigi,
  shiphero,
  whcc,
  // Standard Webhooks
  bigcommerce,
  clerk,
  elevenlabs,
  gemini,
  lithic,
  liveblocks,
  openai,
  polar,
  render,
  replicate,
  resend,
  shipbob,
  standardWebhooks,
  supabase,
  svix,
  // Code, shops, payments, messages and support
  adyen,
  adyenPlatform,
  bitbucket,
  discord,
  github,
  gitlab,
  hubspot,
  intercom,
  jira,
  lemonsqueezy,
  mailgun,
  mollie,
  paddle,
  paddleClassic,
  paypal,
  postmark,
  sendgrid,
  shopify,
  slack,
  square,
  stripe,
  twilio,
  woocommerce,
  zendesk,
  // Teams, developers, meetings, money and the rest
  aftership,
  asana,
  auth0,
  box,
  buildkite,
  calCom,
  calendly,
  chargebee,
  circleci,
  cloudinary,
  coinbaseCommerce,
  contentful,
  courier,
  customerIo,
  docusign,
  dropbox,
  easypost,
  figma,
  fireflies,
  flutterwave,
  gocardless,
  heroku,
  instagram,
  knock,
  launchdarkly,
  linear,
  mandrill,
  messagebird,
  meta,
  mongodbAtlas,
  mux,
  netlify,
  notion,
  okta,
  pagerduty,
  paystack,
  plaid,
  plivo,
  pusher,
  quickbooks,
  razorpay,
  recharge,
  sanity,
  segment,
  sentry,
  sns,
  tally,
  telnyx,
  terraform,
  tiktok,
  trello,
  twitch,
  typeform,
  vercel,
  webex,
  whatsapp,
  workos,
  xero,
  zoom,
];
